//! The examples of the documentation, with other addresses and files, and otherwise as they are.

use std::fs;
use std::path::Path;

use eks_token_plugin_tests::{
    CredentialsEndpoint, Offer, POD_IDENTITY_TOKEN, Program, Upstream, free_port, repository,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::process::Command;

use crate::envoy::{command, module};

const ENDPOINT: &str = "0123456789abcdef.gr7.eu-central-1.eks.amazonaws.com";

/// An example with each first text replaced by the second.
fn example(name: &str, changes: &[(&str, &str)]) -> String {
    let path = repository().join("plugins/proxy-wasm/examples").join(name);
    let mut text = fs::read_to_string(path).expect("an example");
    for (from, to) in changes {
        assert!(text.contains(from), "{name} has no {from}");
        text = text.replace(from, to);
    }
    text
}

/// A certificate authority, and certificates for the server and two callers.
fn certificates(folder: &Path) {
    let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
    let mut params = CertificateParams::new(vec![]).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "an authority");
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
    write("client-ca.pem", authority.pem());
    for (file, name) in
        [("server", "127.0.0.1"), ("ci", "ci.example.com"), ("other", "other.example.com")]
    {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &authority).expect("a certificate");
        write(&format!("{file}.pem"), certificate.pem());
        write(&format!("{file}-key.pem"), key.serialize_pem());
    }
}

/// The status that `curl` gets with a certificate; 000 where TLS is refused.
async fn status(port: u16, folder: &Path, certificate: Option<&str>) -> String {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}"]);
    curl.arg("--cacert").arg(folder.join("client-ca.pem"));
    if let Some(name) = certificate {
        curl.arg("--cert").arg(folder.join(format!("{name}.pem")));
        curl.arg("--key").arg(folder.join(format!("{name}-key.pem")));
    }
    let url = format!("https://127.0.0.1:{port}/api/v1/pods?limit=1");
    let output = curl.arg(url).output().await.expect("curl");
    String::from_utf8(output.stdout).expect("text")
}

#[tokio::test]
async fn envoy_with_mutual_tls_and_pod_identity() {
    let upstream = Upstream::start(|_| ()).await;
    let source = CredentialsEndpoint::start(&upstream, Offer::EndingIn(3_600)).await;
    let folder = upstream.folder();
    certificates(&folder);
    fs::write(folder.join("token"), POD_IDENTITY_TOKEN).expect("a file");
    fs::copy(upstream.ca_file(), folder.join("cluster-ca.pem")).expect("a file");
    fs::copy(module(), folder.join("eks_token_proxy_wasm.wasm")).expect("a file");
    let files = format!("{}/", folder.display());
    let token = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";
    let secret = example(
        "pod-identity.yaml",
        &[
            (token, &format!("{files}token")),
            ("/var/run/secrets/pods.eks.amazonaws.com/serviceaccount", files.trim_end_matches('/')),
        ],
    );
    fs::write(folder.join("pod-identity.yaml"), secret).expect("a file");
    let port = free_port();
    let config = example(
        "envoy-mtls.yaml",
        &[
            (
                "address: 0.0.0.0, port_value: 8443",
                &format!("address: 127.0.0.1, port_value: {port}"),
            ),
            (ENDPOINT, "localhost"),
            // The sandbox has no address of version 6.
            ("type: STRICT_DNS", "type: STRICT_DNS\n      dns_lookup_family: V4_ONLY"),
            ("port_value: 443\n", &format!("port_value: {}\n", upstream.port())),
            (
                "address: 169.254.170.23, port_value: 80",
                &format!("address: 127.0.0.1, port_value: {}", source.port()),
            ),
            ("\"name\": \"production\"", "\"name\": \"sandbox\""),
            ("/etc/envoy/", &files),
        ],
    );
    let file = folder.join("envoy.yaml");
    fs::write(&file, config).expect("a file");
    let log = folder.join("envoy.log");
    let envoy = Program::start(command().arg("-c").arg(&file), &log, port).await;

    assert_eq!(status(port, &folder, Some("ci")).await, "200", "{}", envoy.log());
    assert_eq!(upstream.count(), 1);
    assert_eq!(status(port, &folder, Some("other")).await, "403");
    assert_eq!(status(port, &folder, None).await, "000");
    assert_eq!(upstream.count(), 1, "somebody else got through");
}

#[tokio::test]
async fn envoy_with_ext_authz() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = format!("{}/", folder.path().display());
    certificates(folder.path());
    fs::copy(folder.path().join("client-ca.pem"), folder.path().join("cluster-ca.pem"))
        .expect("a file");
    fs::copy(module(), folder.path().join("eks_token_proxy_wasm.wasm")).expect("a file");
    let config = example("envoy-ext-authz.yaml", &[("/etc/envoy/", &files)]);
    let file = folder.path().join("envoy.yaml");
    fs::write(&file, config).expect("a file");
    let mut command = command();
    command.args(["--mode", "validate", "-c"]).arg(&file);
    let (is_taken, log) = Program::run(&mut command, &folder.path().join("log")).await;
    assert!(is_taken, "{log}");
}
