//! The examples of the documentation, with other addresses and files, and otherwise as they are.

use std::fs;

use eks_token_plugin_tests::{
    CredentialsEndpoint, Offer, POD_IDENTITY_TOKEN, Program, TlsFiles, Upstream, example, free_port,
};

use crate::envoy::{command, module};

const ENDPOINT: &str = "0123456789abcdef.gr7.eu-central-1.eks.amazonaws.com";

#[tokio::test]
async fn envoy_with_mutual_tls_and_pod_identity() {
    let upstream = Upstream::start(|_| ()).await;
    let source = CredentialsEndpoint::start(&upstream, Offer::EndingIn(3_600)).await;
    let folder = upstream.folder();
    let tls = TlsFiles::write(&folder);
    fs::write(folder.join("token"), POD_IDENTITY_TOKEN).expect("a file");
    fs::copy(upstream.ca_file(), folder.join("cluster-ca.pem")).expect("a file");
    fs::copy(module(), folder.join("eks_token_proxy_wasm.wasm")).expect("a file");
    let files = format!("{}/", folder.display());
    let token = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";
    let secret = example(
        "proxy-wasm",
        "pod-identity.yaml",
        &[
            (token, &format!("{files}token")),
            ("/var/run/secrets/pods.eks.amazonaws.com/serviceaccount", files.trim_end_matches('/')),
        ],
    );
    fs::write(folder.join("pod-identity.yaml"), secret).expect("a file");
    let port = free_port();
    let config = example(
        "proxy-wasm",
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

    assert_eq!(tls.status(port, Some("ci")).await, "200", "{}", envoy.log());
    assert_eq!(upstream.count(), 1);
    assert_eq!(tls.status(port, Some("other")).await, "403");
    assert_eq!(tls.status(port, None).await, "000");
    assert_eq!(upstream.count(), 1, "somebody else got through");
}

#[tokio::test]
async fn envoy_with_ext_authz() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = format!("{}/", folder.path().display());
    let _ = TlsFiles::write(folder.path());
    fs::rename(folder.path().join("client-ca.pem"), folder.path().join("cluster-ca.pem"))
        .expect("a file");
    fs::copy(module(), folder.path().join("eks_token_proxy_wasm.wasm")).expect("a file");
    let config = example("proxy-wasm", "envoy-ext-authz.yaml", &[("/etc/envoy/", &files)]);
    let file = folder.path().join("envoy.yaml");
    fs::write(&file, config).expect("a file");
    let mut command = command();
    command.args(["--mode", "validate", "-c"]).arg(&file);
    let (is_taken, log) = Program::run(&mut command, &folder.path().join("log")).await;
    assert!(is_taken, "{log}");
}
