//! An STS that counts, and what asks it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::api_server::{Answer, ApiServer, Request};
use crate::outcome::success;

pub(crate) const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");
pub(crate) const ONE: &str = "arn:aws:iam::111122223333:role/one";
pub(crate) const TWO: &str = "arn:aws:iam::222233334444:role/two";
pub(crate) const THREE: &str = "arn:aws:iam::333344445555:role/team/three";

/// An STS that issues the credentials `ASIAISSUED1`, `ASIAISSUED2` and so on, and a home.
pub(crate) struct Trial {
    pub(crate) sts: ApiServer,
    pub(crate) home: tempfile::TempDir,
}

impl Trial {
    /// `lifetime` of what is issued, in seconds.
    pub(crate) fn issuing_for(lifetime: u64) -> Self {
        Self::answering(move |request, count| {
            if request.body.contains("Action=GetCallerIdentity") {
                xml("GetCallerIdentity", "<UserId>AROAEXAMPLE:ada@example.com</UserId>")
            } else {
                issue(count, now() + lifetime)
            }
        })
    }

    pub(crate) fn answering(
        answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let sts = ApiServer::start(&["127.0.0.1"], answer);
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("ca.pem"), sts.authority()).expect("a file");
        Self { sts, home }
    }

    /// With the keys of a user.
    pub(crate) fn get_token(&self, arguments: &[&str]) -> Command {
        let mut command = self.without_keys(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "geheim-des-nutzers");
        command
    }

    pub(crate) fn without_keys(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(EKS_TOKEN);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL_STS", self.sts.url())
            .env("AWS_CA_BUNDLE", self.home.path().join("ca.pem"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .args(["get-token", "--cluster-name", "dev", "--region", "eu-west-1", "--token-only"])
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.get_token(arguments).output().expect("it runs")
    }

    /// Whose token it is: the access key id in it.
    pub(crate) fn signer(&self, arguments: &[&str]) -> String {
        signer(&success(&self.run(arguments)))
    }

    pub(crate) fn assumed(&self) -> Vec<Request> {
        let requests = self.sts.requests();
        requests.into_iter().filter(|it| it.body.contains("Action=AssumeRole")).collect()
    }

    /// The entries of the cache.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let folder = self.home.path().join(".cache/eks-token");
        let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
        files
            .map(|file| file.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect()
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

pub(crate) fn xml(action: &str, result: &str) -> Answer {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>\
         {result}</{action}Result></{action}Response>"
    );
    Answer { status: "200 OK", headers: String::new(), body }
}

pub(crate) fn issue(count: usize, expires_at: u64) -> Answer {
    let end = eks_token_host::SigningTime::from_unix_seconds(expires_at).expect("a time");
    xml(
        "AssumeRole",
        &format!(
            "<Credentials><AccessKeyId>ASIAISSUED{count}</AccessKeyId><SecretAccessKey>geheim-\
             {count}</SecretAccessKey><SessionToken>geheim-token-{count}</SessionToken>\
             <Expiration>{}</Expiration></Credentials>",
            end.rfc3339().as_str()
        ),
    )
}

pub(crate) fn refuse(message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender\
         </Type><Code>AccessDenied</Code><Message>{message}</Message></Error></ErrorResponse>"
    );
    Answer { status: "403 Forbidden", headers: String::new(), body }
}

pub(crate) fn signer(token: &str) -> String {
    let encoded = token.trim_end().strip_prefix("k8s-aws-v1.").expect("a token");
    let url = URL_SAFE_NO_PAD.decode(encoded).expect("base64");
    let url = String::from_utf8(url).expect("a URL");
    let credential = url.split("X-Amz-Credential=").nth(1).expect("a credential");
    credential.split("%2F").next().expect("an id").to_owned()
}

/// A parameter of a request, percent-encoded as it was sent.
pub(crate) fn parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut pairs = request.body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

pub(crate) fn signed_by(request: &Request) -> &str {
    let header = request.headers.iter().find(|line| line.starts_with("authorization:"));
    let credential = header.and_then(|line| line.split("credential=").nth(1)).expect("signed");
    credential.split('/').next().expect("an id")
}
