//! The signature itself, against the test suite of AWS: every case that signs a query string, at
//! each of its steps.
//!
//! The cases are read where the published crate aws-sigv4 carries them
//! (`aws-signing-test-suite/v4`, taken from awslabs/aws-c-auth), so there is no copy to go stale.

mod common;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{secret, time, unix_seconds};
use eks_token_signer::SigningTime;
use eks_token_signer::sigv4::{
    CanonicalRequest, CredentialScope, PathStyle, PayloadHash, Presigning, Request, SigningKey,
    StringToSign,
};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// All cases of the suite that sign a query string. Two further ones sign headers only.
const CASES: usize = 38;

#[test]
fn every_query_case_agrees_at_every_step() {
    let folders = query_cases(&suite());
    assert_eq!(folders.len(), CASES, "cases found");
    for folder in folders {
        Case::read(&folder).check();
    }
}

/// One folder of the suite.
struct Case {
    folder: PathBuf,
    context: Value,
    request: HttpRequest,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let context = fs::read(folder.join("context.json")).expect("context.json");
        Self {
            folder: folder.to_owned(),
            context: serde_json::from_slice(&context).expect("context.json is JSON"),
            request: HttpRequest::parse(&text(folder, "request.txt")),
        }
    }

    fn check(&self) {
        let signed_at = self.signed_at();
        let (stamp, scope) = (signed_at.stamp(), self.scope(signed_at));
        let presigning = Presigning {
            access_key_id: self.credential("access_key_id").expect("an access key id"),
            scope,
            stamp: &stamp,
            expires_in: self.expires_in(),
            session_token: self.credential("token").filter(|_| !self.omits_session_token()),
        };
        let canonical = self.canonical_request(&presigning);
        self.agrees("query-canonical-request.txt", &canonical.to_string());

        let string_to_sign = StringToSign::new(&canonical, &stamp, &scope);
        self.agrees("query-string-to-sign.txt", &string_to_sign.to_string());

        let secret = secret(self.credential("secret_access_key").expect("a secret"));
        let signature = SigningKey::derive(&secret, &scope).sign(&string_to_sign);
        self.agrees("query-signature.txt", &signature.to_string());
        self.agrees_as_url(canonical.query(), &signature.to_string());
    }

    fn canonical_request(&self, presigning: &Presigning<'_>) -> CanonicalRequest {
        let payload = match &self.request.body {
            Some(body) if self.flag("sign_body") => PayloadHash::of(body.as_bytes()),
            _ => PayloadHash::EMPTY,
        };
        let request = Request {
            method: &self.request.method,
            path: &self.request.path,
            path_style: if self.flag("normalize") {
                PathStyle::Normalized
            } else {
                PathStyle::AsIs
            },
            query: &borrowed(&self.request.query),
            headers: &borrowed(&self.request.headers),
            payload: &payload,
        };
        CanonicalRequest::new(&request, presigning)
    }

    fn agrees(&self, file: &str, ours: &str) {
        let theirs = text(&self.folder, file);
        assert_eq!(ours, theirs, "{}: {file}", self.folder.display());
    }

    /// The signed request of the suite has its parameters in an order of its own, so they are
    /// compared as a set: the canonical query, the signature, and a session token that was left
    /// out of the signing.
    fn agrees_as_url(&self, canonical_query: &str, signature: &str) {
        let mut ours = decoded_pairs(canonical_query);
        ours.push(("X-Amz-Signature".to_owned(), signature.to_owned()));
        if self.omits_session_token() {
            let session_token = self.credential("token").expect("a session token to leave out");
            ours.push(("X-Amz-Security-Token".to_owned(), session_token.to_owned()));
        }
        let mut theirs = HttpRequest::parse(&text(&self.folder, "query-signed-request.txt")).query;
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{}: query-signed-request.txt", self.folder.display());
    }

    fn scope(&self, signed_at: SigningTime) -> CredentialScope<'_> {
        CredentialScope {
            day: signed_at.day(),
            region: self.string("region"),
            service: self.string("service"),
        }
    }

    fn signed_at(&self) -> SigningTime {
        let numbers: Vec<u64> = self
            .string("timestamp")
            .split(['-', 'T', ':', 'Z'])
            .filter_map(|number| number.parse().ok())
            .collect();
        let [year, month, day, hour, minute, second] = numbers[..] else {
            panic!("a timestamp has six numbers")
        };
        time(unix_seconds((year, month, day), (hour, minute, second)))
    }

    fn expires_in(&self) -> u32 {
        let seconds = self.context["expiration_in_seconds"].as_u64().expect("an expiry");
        u32::try_from(seconds).expect("an expiry in seconds")
    }

    fn omits_session_token(&self) -> bool {
        self.context.get("omit_session_token").and_then(Value::as_bool) == Some(true)
    }

    fn credential(&self, name: &str) -> Option<&str> {
        self.context["credentials"].get(name)?.as_str()
    }

    fn string(&self, name: &str) -> &str {
        self.context[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
    }

    fn flag(&self, name: &str) -> bool {
        self.context[name].as_bool().unwrap_or_else(|| panic!("{name} is true or false"))
    }
}

/// A request as it goes over the wire, taken apart and decoded. The suite's cases break the HTTP
/// grammar on purpose, with blanks and UTF-8 in the target and values over several lines.
struct HttpRequest {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl HttpRequest {
    fn parse(text: &str) -> Self {
        let (head, body) = match text.split_once("\n\n") {
            Some((head, body)) => (head, Some(body.to_owned())),
            None => (text, None),
        };
        let mut lines = head.lines();
        let line = lines.next().expect("a request line");
        let (method, rest) = line.split_once(' ').expect("a method");
        let target = rest.strip_suffix(" HTTP/1.1").expect("a version");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            path: decoded(path),
            query: decoded_pairs(query),
            headers: headers(lines),
            body,
        }
    }
}

/// A line that begins with a blank goes on with the value before it.
fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with(' ') {
            let (_, value) = headers.last_mut().expect("a header to go on with");
            value.push_str(line);
        } else {
            let (name, value) = line.split_once(':').expect("a header has a colon");
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    headers
}

fn decoded_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn text(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders of the cases that sign a query string, in the order of their names.
fn query_cases(suite: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(suite)
        .expect("the suite's folder")
        .map(|entry| entry.expect("an entry of the suite's folder").path())
        .filter(|folder| folder.join("query-canonical-request.txt").is_file())
        .collect();
    folders.sort();
    folders
}

/// Where cargo keeps the suite.
fn suite() -> PathBuf {
    let metadata = metadata(&["--offline"]).or_else(|| metadata(&[])).expect("cargo metadata");
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter(|package| package["name"] == "aws-sigv4")
        .filter_map(|package| Path::new(package["manifest_path"].as_str()?).parent())
        .map(|folder| folder.join("aws-signing-test-suite").join("v4"))
        .find(|suite| suite.is_dir())
        .expect("aws-sigv4 is a dependency of these tests, and carries the suite")
}

fn metadata(options: &[&str]) -> Option<Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(options)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("JSON"))
}
