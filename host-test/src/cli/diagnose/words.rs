//! What a diagnosis says: codes for programs, and sentences.

use eks_token_host::aws::{Settings, StsRefusal};

use super::mapping::{Mapped, MappedBy, Mistake};
use crate::world::World;

/// Where credentials were found, as far as the settings tell.
pub(super) fn source(world: &World, settings: &Settings) -> String {
    let is_set = |name| world.environment.get(name).is_some();
    if !settings.profile_is_explicit && is_set("AWS_ACCESS_KEY_ID") {
        "the environment".to_owned()
    } else if settings.has_profile {
        format!("the profile {}", settings.profile)
    } else if is_set("AWS_WEB_IDENTITY_TOKEN_FILE") {
        "a web identity token".to_owned()
    } else if is_set("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        || is_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    {
        "the container's endpoint (Pod Identity or ECS)".to_owned()
    } else {
        "the instance's metadata".to_owned()
    }
}

pub(super) fn refusal_code(refusal: &StsRefusal) -> &'static str {
    match refusal.code.as_str() {
        "ExpiredToken" | "ExpiredTokenException" => "credentials-expired",
        "InvalidClientTokenId" | "UnrecognizedClientException" => "unknown-access-key",
        "SignatureDoesNotMatch" => "wrong-secret",
        _ => "sts-refused",
    }
}

pub(super) fn place(by: MappedBy) -> &'static str {
    match by {
        MappedBy::AccessEntry => "has an access entry",
        MappedBy::MapRoles => "is in mapRoles of aws-auth",
        MappedBy::MapUsers => "is in mapUsers of aws-auth",
    }
}

pub(super) fn explain(other: &Mapped, mistake: Mistake, canonical: &str) -> String {
    let place = place(other.by);
    let arn = &other.arn;
    match mistake {
        Mistake::RolePath => format!(
            "{arn} {place} with the role's path, which STS does not tell; write {canonical} there"
        ),
        Mistake::AssumedRole => format!(
            "{arn} {place}: that is a session's ARN, and the cluster compares the role's; write \
             {canonical} there"
        ),
        Mistake::OtherAccount => format!(
            "{arn} {place}: that is the role of the same name in another account; write {canonical} \
             there, or use credentials of the other account"
        ),
        Mistake::WrongList => {
            format!("{arn} {place}: roles belong into mapRoles, users into mapUsers; move it")
        }
    }
}

pub(super) fn remedy(canonical: &str) -> String {
    format!(
        "let someone who may run: aws eks create-access-entry --cluster-name NAME --principal-arn \
         {canonical} (and associate-access-policy)"
    )
}
