//! Roles assumed one after the other.

use crate::outcome::failure;
use crate::trial::{ONE, THREE, TWO, Trial, parameter, refuse, signed_by};

#[test]
fn assumes_a_chain_in_order() {
    let trial = Trial::issuing_for(3600);
    let arguments = [
        ["--role-arn", ONE],
        ["-r", TWO],
        ["--role", THREE],
        ["--external-id", "first"],
        ["-e", "second"],
        ["-e", "third:/3"],
        ["-s", "ada@example.com"],
    ];
    assert_eq!(trial.signer(arguments.as_flattened()), "ASIAISSUED3");
    let assumed = trial.assumed();
    let all = |name| assumed.iter().map(|it| parameter(it, name)).collect::<Vec<_>>();
    assert_eq!(
        all("RoleArn"),
        [ONE, TWO, THREE]
            .map(|arn| arn.replace(':', "%3A").replace('/', "%2F"))
            .each_ref()
            .map(|arn| Some(arn.as_str()))
    );
    assert_eq!(all("ExternalId"), [Some("first"), Some("second"), Some("third%3A%2F3")]);
    assert_eq!(all("RoleSessionName"), [Some("ada%40example.com"); 3]);
    let signers: Vec<_> = assumed.iter().map(signed_by).collect();
    assert_eq!(signers, ["akidexample", "asiaissued1", "asiaissued2"]);
}

#[test]
fn gives_one_external_id_to_the_last_role() {
    let trial = Trial::issuing_for(3600);
    trial.signer(&["-r", ONE, "-r", TWO, "-e", "only-one"]);
    let ids: Vec<_> =
        trial.assumed().iter().map(|it| parameter(it, "ExternalId").map(str::to_owned)).collect();
    assert_eq!(ids, [None, Some("only-one".to_owned())]);
    let line = failure(&trial.run(&["-r", ONE, "-r", TWO, "-r", THREE, "-e", "a1", "-e", "b2"]), 2);
    assert!(line.contains("--external-id is given 2 times for 3 times --role-arn"), "{line}");
}

#[test]
fn names_sessions() {
    let trial = Trial::issuing_for(3600);
    trial.signer(&["-r", ONE]);
    trial.signer(&["-r", ONE, "-r", TWO, "--forward-session-name"]);
    let names: Vec<_> = trial
        .assumed()
        .iter()
        .map(|it| parameter(it, "RoleSessionName").expect("a name").to_owned())
        .collect();
    assert_eq!(names, ["EKSGetTokenAuth", "ada%40example.com", "ada%40example.com"]);
}

#[test]
fn says_what_sts_says() {
    let trial = Trial::answering(|_, _| {
        refuse(
            "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole",
        )
    });
    let line = failure(&trial.run(&["-r", ONE, "-e", "wrong"]), 1);
    assert!(line.contains(ONE) && line.contains("is not authorized to perform"), "{line}");
    assert!(line.contains("--external-id"), "{line}");
    for (bad, what) in [
        (["-r", "one"], "a role's ARN looks like"),
        (["-r", "arn:aws:iam::111122223333:user/ada"], "a role's ARN looks like"),
    ] {
        let line = failure(&trial.run(&bad), 2);
        assert!(line.contains(what), "{line}");
    }
    let line = failure(&trial.run(&["-e", "alone"]), 2);
    assert!(line.contains("--role-arn"), "{line}");
}
