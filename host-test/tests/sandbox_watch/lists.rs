//! Lists of pods that change meanwhile.

use eks_token_host::sandbox::PodError;
use kube::ResourceExt as _;
use kube::api::ListParams;

use super::trial::{Trial, get};

#[tokio::test]
async fn all_pages_of_a_list_are_of_one_version() {
    let trial = Trial::empty().await;
    for name in ["a", "b", "c", "d"] {
        trial.create(name);
    }
    let pods = trial.pods();
    let mut params = ListParams::default().limit(2);
    let first = pods.list(&params).await.expect("a page");
    trial.delete("c");
    trial.create("bb");
    params.continue_token = first.metadata.continue_;
    let second = pods.list(&params).await.expect("a page");
    let names: Vec<String> = second.iter().map(kube::ResourceExt::name_any).collect();
    assert_eq!(names, ["c", "d"]);
    assert_eq!(first.metadata.resource_version.as_deref(), Some("4715"));
    assert_eq!(second.metadata.resource_version, first.metadata.resource_version);
    let fresh = pods.list(&ListParams::default()).await.expect("a list");
    let names: Vec<String> = fresh.iter().map(kube::ResourceExt::name_any).collect();
    assert_eq!(names, ["a", "b", "bb", "d"]);
    assert_eq!(fresh.metadata.resource_version.as_deref(), Some("4717"));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn a_page_that_is_too_old_is_gone() {
    let trial = Trial::with(|options| options.kept_changes = 1).await;
    let pods = trial.pods();
    let mut params = ListParams::default().limit(2);
    params.continue_token = pods.list(&params).await.expect("a page").metadata.continue_;
    trial.create("a");
    assert_eq!(pods.list(&params).await.expect("a page").items.len(), 2);
    trial.create("b");
    let error = pods.list(&params).await.expect_err("too old");
    assert!(matches!(&error, kube::Error::Api(status) if status.code == 410), "{error}");
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn options_that_cannot_be_met_are_refused() {
    let trial = Trial::empty().await;
    let client = trial.client(&trial.token());
    for (query, expected) in [
        ("watch=true&resourceVersion=abc", 400),
        ("watch=true&timeoutSeconds=soon", 400),
        ("watch=true&fieldSelector=spec.nodeName%3Da", 400),
        ("watch=true&labelSelector=a%3Db%3Dc", 400),
        // As servers answer that have no watch lists.
        ("watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", 422),
        ("resourceVersionMatch=Exact", 422),
    ] {
        let answer = get(&client, &format!("/api/v1/pods?{query}")).await;
        assert_eq!(answer, Err(expected), "{query}");
    }
    let no_lists = "/api/v1/pods?watch=true&timeoutSeconds=1&sendInitialEvents=false";
    assert_eq!(get(&client, no_lists).await.as_deref(), Ok(""));
    trial.sandbox.stop().await;
}

#[tokio::test]
async fn pods_have_names_of_their_own() {
    let trial = Trial::empty().await;
    assert_eq!(trial.sandbox.create_pod("Web_1"), Err(PodError::Name));
    trial.create("web");
    let pods = || async { trial.pods().list(&ListParams::default()).await.expect("a list").items };
    let first = pods().await.remove(0).uid();
    assert_eq!(trial.sandbox.create_pod("web"), Err(PodError::Exists("web".to_owned())));
    trial.delete("web");
    assert_eq!(trial.sandbox.delete_pod("web"), Err(PodError::NotFound("web".to_owned())));
    trial.create("web");
    assert_ne!(pods().await.remove(0).uid(), first, "another pod");
    trial.sandbox.stop().await;
}
