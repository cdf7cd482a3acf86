//! What a kubeconfig says of a cluster of EKS.

use eks_token_host::aws::ClusterDescription;

use super::arguments::{TokenCommand, UpdateKubeconfig};
use super::document::Document;
use super::kubeconfig::Entries;

/// The cluster, the user whose tokens are made by a command, and their context.
pub(super) fn entries(
    arguments: &UpdateKubeconfig,
    description: &ClusterDescription,
    program: &str,
    profile: Option<&str>,
) -> Entries {
    let arn = description.arn.as_str();
    let user_name = arguments.user_alias.as_deref().unwrap_or(arn);
    let context_name = arguments.alias.as_deref().unwrap_or(user_name);
    let exec = match arguments.command {
        TokenCommand::EksToken => exec_of_eks_token(arguments, description, program, profile),
        TokenCommand::Aws => exec_of_aws(arguments, description, profile),
    };
    Entries {
        cluster: Document::map([
            ("cluster", cluster(arguments, description)),
            ("name", arn.into()),
        ]),
        user: Document::map([
            ("name", user_name.into()),
            ("user", Document::map([("exec", exec)])),
        ]),
        context: Document::map([
            ("context", Document::map([("cluster", arn.into()), ("user", user_name.into())])),
            ("name", context_name.into()),
        ]),
    }
}

fn cluster(arguments: &UpdateKubeconfig, description: &ClusterDescription) -> Document {
    let mut cluster = Document::map([
        ("certificate-authority-data", description.certificate_authority_data.as_str().into()),
        ("server", description.endpoint.as_str().into()),
    ]);
    if let Some(url) = &arguments.proxy_url {
        cluster.set("proxy-url", url.as_str().into());
    }
    if let Some(name) = &arguments.tls_server_name {
        cluster.set("tls-server-name", name.as_str().into());
    }
    cluster
}

/// In the order of the fields in client-go (`k8s.io/client-go/tools/clientcmd/api/v1/types.go`).
fn exec_of_eks_token(
    arguments: &UpdateKubeconfig,
    description: &ClusterDescription,
    program: &str,
    profile: Option<&str>,
) -> Document {
    let (option, value) = identification(arguments, description);
    let mut parts = vec!["get-token", option, value, "--region", region(description)];
    if let Some(role) = &arguments.role_arn {
        parts.extend(["--role-arn", role.as_str()]);
    }
    let mut exec = Document::map([
        ("apiVersion", "client.authentication.k8s.io/v1".into()),
        ("args", Document::texts(parts)),
        ("command", program.into()),
    ]);
    set_profile(&mut exec, profile);
    // An MFA device may have to be asked for.
    exec.set("interactiveMode", "IfAvailable".into());
    exec.set("provideClusterInfo", Document::Bool(false));
    exec
}

/// As the AWS CLI writes it.
fn exec_of_aws(
    arguments: &UpdateKubeconfig,
    description: &ClusterDescription,
    profile: Option<&str>,
) -> Document {
    let (option, value) = identification(arguments, description);
    let mut parts = vec![
        "--region",
        region(description),
        "eks",
        "get-token",
        option,
        value,
        "--output",
        "json",
    ];
    if let Some(role) = &arguments.role_arn {
        parts.extend(["--role", role.as_str()]);
    }
    let mut exec = Document::map([
        ("apiVersion", "client.authentication.k8s.io/v1beta1".into()),
        ("args", Document::texts(parts)),
        ("command", "aws".into()),
    ]);
    set_profile(&mut exec, profile);
    exec
}

fn set_profile(exec: &mut Document, profile: Option<&str>) {
    if let Some(profile) = profile {
        let variable = Document::map([("name", "AWS_PROFILE".into()), ("value", profile.into())]);
        exec.set("env", Document::List(vec![variable]));
    }
}

/// Local clusters on Outposts sign for their id.
fn identification<'a>(
    arguments: &'a UpdateKubeconfig,
    description: &'a ClusterDescription,
) -> (&'static str, &'a str) {
    if description.is_on_outpost {
        ("--cluster-id", description.token_name.as_str())
    } else {
        ("--cluster-name", arguments.name.name.as_str())
    }
}

/// Of the cluster's ARN.
fn region(description: &ClusterDescription) -> &str {
    description.arn.split(':').nth(3).unwrap_or_default()
}
