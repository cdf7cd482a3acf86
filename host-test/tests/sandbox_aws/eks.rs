//! The EKS API: what it says of the cluster and its access entries.

use aws_sdk_eks::types::{AuthenticationMode as SdkMode, ClusterStatus as SdkStatus};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eks_token_host::sandbox::{
    AuthenticationMode, ClusterStatus, EksAction, Identity, Role, SandboxOptions,
};

use super::trial::{Trial, issued, refusal};

const READER: &str = "arn:aws:sts::111122223333:assumed-role/sandbox-reader/local";

#[tokio::test]
async fn describes_the_cluster_to_roles_that_were_assumed() {
    let trial = Trial::start().await;
    let role = trial.assume(&trial.identity(Identity::Reader), Role::ChainOne).send().await;
    let role = issued(role.expect("a role").credentials().expect("credentials"));
    let answer = trial.eks(&role).describe_cluster().name("sandbox").send().await;
    let cluster = answer.expect("an answer").cluster.expect("a cluster");
    assert_eq!(cluster.endpoint(), Some(trial.sandbox.kubernetes_url()));
    assert_eq!(cluster.arn(), Some("arn:aws:eks:eu-central-1:111122223333:cluster/sandbox"));
    assert_eq!(cluster.status(), Some(&SdkStatus::Active));
    let mode = cluster.access_config().and_then(|config| config.authentication_mode());
    assert_eq!(mode, Some(&SdkMode::Api));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_cluster_in_the_making_has_no_endpoint() {
    let options = SandboxOptions {
        cluster_status: ClusterStatus::Creating,
        authentication_mode: AuthenticationMode::ApiAndConfigMap,
        ..SandboxOptions::default()
    };
    let trial = Trial::with(options).await;
    let eks = trial.eks(&trial.identity(Identity::Reader));
    let answer = eks.describe_cluster().name("sandbox").send().await;
    let cluster = answer.expect("an answer").cluster.expect("a cluster");
    assert_eq!(cluster.status(), Some(&SdkStatus::Creating));
    assert_eq!(cluster.endpoint(), None);
    assert_eq!(cluster.certificate_authority().and_then(|authority| authority.data()), None);
    let mode = cluster.access_config().and_then(|config| config.authentication_mode());
    assert_eq!(mode, Some(&SdkMode::ApiAndConfigMap));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn describes_a_broken_cluster_where_told_to() {
    let options = SandboxOptions {
        described_endpoint: Some("https://127.0.0.1:1".to_owned()),
        describes_other_authority: true,
        ..SandboxOptions::default()
    };
    let trial = Trial::with(options).await;
    let eks = trial.eks(&trial.identity(Identity::Reader));
    let answer = eks.describe_cluster().name("sandbox").send().await;
    let cluster = answer.expect("an answer").cluster.expect("a cluster");
    assert_eq!(cluster.endpoint(), Some("https://127.0.0.1:1"));
    let authority = cluster.certificate_authority().and_then(|authority| authority.data());
    let pem = STANDARD.decode(authority.expect("an authority")).expect("base64");
    let pem = String::from_utf8(pem).expect("text");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    assert_ne!(pem, trial.sandbox.ca_pem());
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn lists_access_entries_in_pages() {
    let trial = Trial::start().await;
    let eks = trial.eks(&trial.identity(Identity::Stranger));
    let pages = eks.list_access_entries().cluster_name("sandbox").max_results(3);
    let mut pages = pages.into_paginator().send();
    let mut sizes = Vec::new();
    let mut arns = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page").access_entries.expect("entries");
        sizes.push(page.len());
        arns.extend(page);
    }
    assert_eq!(sizes, [3, 1]);
    let expected = [Role::Reader, Role::NoAccess, Role::ChainThree, Role::WithMfa].map(Role::arn);
    assert_eq!(arns, expected);
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn describes_an_access_entry() {
    let options =
        SandboxOptions { access_entries: vec![Role::WithPath], ..SandboxOptions::default() };
    let trial = Trial::with(options).await;
    let stranger = trial.identity(Identity::Stranger);
    let eks = trial.eks(&stranger);
    let describe =
        |arn: String| eks.describe_access_entry().cluster_name("sandbox").principal_arn(arn).send();
    let entry = describe(Role::WithPath.arn()).await.expect("an answer").access_entry;
    let entry = entry.expect("an entry");
    assert_eq!(entry.principal_arn(), Some("arn:aws:iam::111122223333:role/team/with-path"));
    assert_eq!(entry.kubernetes_groups(), ["sandbox:pod-readers"]);
    assert_eq!(
        entry.username(),
        Some("arn:aws:sts::111122223333:assumed-role/with-path/{{SessionName}}")
    );
    assert_eq!(entry.r#type(), Some("STANDARD"));
    let (status, code, message) = refusal(describe(Role::Reader.arn()).await);
    assert_eq!((status, code.as_str()), (404, "ResourceNotFoundException"));
    assert!(message.starts_with("The specified principalArn could not be found."), "{message}");
    // And it counts.
    let role = trial.assume(&stranger, Role::WithPath).send().await.expect("a role");
    let role = issued(role.credentials().expect("credentials"));
    assert_eq!(trial.pods(&role).await.expect("pods"), 12);
    trial.pods(&trial.identity(Identity::Reader)).await.expect_err("no entry any more");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_what_it_does_not_have() {
    let options = SandboxOptions {
        authentication_mode: AuthenticationMode::ConfigMap,
        ..SandboxOptions::default()
    };
    let trial = Trial::with(options).await;
    let eks = trial.eks(&trial.identity(Identity::Reader));
    let (status, code, message) = refusal(eks.describe_cluster().name("other").send().await);
    assert_eq!((status, code.as_str()), (404, "ResourceNotFoundException"));
    assert_eq!(message, "No cluster found for name: other.");
    let (status, code, message) =
        refusal(eks.list_access_entries().cluster_name("sandbox").send().await);
    assert_eq!((status, code.as_str()), (400, "InvalidRequestException"));
    assert!(message.contains("[API, API_AND_CONFIG_MAP]"), "{message}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_what_is_denied() {
    let options = SandboxOptions {
        denied_actions: vec![
            EksAction::DescribeCluster,
            EksAction::ListAccessEntries,
            EksAction::DescribeAccessEntry,
        ],
        ..SandboxOptions::default()
    };
    let trial = Trial::with(options).await;
    let eks = trial.eks(&trial.identity(Identity::Reader));
    let entry = eks.describe_access_entry().principal_arn(Role::Reader.arn());
    for (action, refused) in [
        ("eks:DescribeCluster", refusal(eks.describe_cluster().name("sandbox").send().await)),
        (
            "eks:ListAccessEntries",
            refusal(eks.list_access_entries().cluster_name("sandbox").send().await),
        ),
        ("eks:DescribeAccessEntry", refusal(entry.cluster_name("sandbox").send().await)),
    ] {
        let (status, code, message) = refused;
        assert_eq!((status, code.as_str()), (403, "AccessDeniedException"));
        assert_eq!(
            message,
            format!(
                "User: {READER} is not authorized to perform: {action} on resource: \
                 arn:aws:eks:eu-central-1:111122223333:cluster/sandbox"
            )
        );
    }
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn refuses_clocks_that_are_wrong() {
    let trial = Trial::start().await;
    let eks = trial.eks(&trial.identity(Identity::Reader));
    for (ahead, expected) in [(360, "Signature expired: "), (-360, "Signature not yet current: ")] {
        trial.set_clock_ahead(ahead);
        let (status, code, message) = refusal(eks.describe_cluster().name("sandbox").send().await);
        assert_eq!((status, code.as_str()), (403, "InvalidSignatureException"));
        assert!(message.starts_with(expected), "{message}");
    }
    trial.sandbox.stop().await;
}
