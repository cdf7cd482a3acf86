//! The example of the documentation, with other addresses and files, and otherwise as it is.

use std::fs;
use std::time::Duration;

use eks_token_plugin_tests::{Program, TlsFiles, Upstream, example, free_port};
use tokio::time::{Instant, sleep};

use crate::traefik::{command, install_plugin, shared_file};

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn traefik_with_mutual_tls() {
    let upstream = Upstream::start(|_| ()).await;
    let folder = upstream.folder();
    let tls = TlsFiles::write(&folder);
    fs::copy(upstream.ca_file(), folder.join("cluster-ca.pem")).expect("a file");
    fs::create_dir(folder.join("mounted")).expect("a folder");
    fs::write(folder.join("mounted/credentials"), shared_file(&upstream, None)).expect("a file");
    install_plugin(&folder);
    let (port, files) = (free_port(), format!("{}/", folder.display()));
    let text = example(
        "http-wasm",
        "traefik.yaml",
        &[
            ("address: 0.0.0.0:8443", &format!("address: 127.0.0.1:{port}")),
            ("/etc/traefik/", &files),
            ("/run/eks-token:/run/eks-token:ro", &format!("{files}mounted:/run/eks-token:ro")),
        ],
    );
    fs::write(folder.join("traefik.yaml"), text).expect("a file");
    let text = example(
        "http-wasm",
        "dynamic.yaml",
        &[
            (
                "https://0123456789abcdef.gr7.eu-central-1.eks.amazonaws.com",
                upstream.sandbox().kubernetes_url(),
            ),
            ("name: production", "name: sandbox"),
            ("/etc/traefik/", &files),
        ],
    );
    fs::write(folder.join("dynamic.yaml"), text).expect("a file");
    let log = folder.join("traefik.log");
    let traefik = Program::start(&mut command(&folder), &log, port).await;

    // It listens before it has read its dynamic configuration.
    let deadline = Instant::now() + PATIENCE;
    while tls.status(port, Some("ci")).await != "200" {
        assert!(Instant::now() < deadline, "{}", traefik.log());
        sleep(Duration::from_millis(50)).await;
    }
    let arrived = upstream.count();
    assert_eq!(tls.status(port, None).await, "000");
    assert_eq!(upstream.count(), arrived, "somebody else got through");
}
