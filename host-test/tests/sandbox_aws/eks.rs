//! The EKS API.

use eks_token_host::sandbox::{Identity, Role};

use super::trial::{Trial, issued};

#[tokio::test]
async fn roles_that_were_assumed_may_ask() {
    let trial = Trial::start().await;
    let role = trial.assume(&trial.identity(Identity::Reader), Role::ChainOne).send().await;
    let role = issued(role.expect("a role").credentials().expect("credentials"));
    let answer = trial.eks(&role).describe_cluster().name("sandbox").send().await;
    let cluster = answer.expect("an answer").cluster.expect("a cluster");
    assert_eq!(cluster.endpoint(), Some(trial.sandbox.kubernetes_url()));
    trial.sandbox.stop().await;
}
