//! Whose credentials, and where: the options that all commands share which ask AWS for something.

use clap::Args;
use eks_token_host::Region;
use eks_token_host::aws::{AssumeRole, ExternalId, InvalidRole, RoleArn, SessionName};

use crate::arguments::region;
use crate::failure::Failure;

pub(crate) const REGION_HELP: &str =
    "The cluster's region [default: from the ARN, AWS_REGION, AWS_DEFAULT_REGION, the profile]";
const ROLES: &str = "Roles";
const SESSION_NAME_HELP: &str = "The name of the roles' sessions [default: EKSGetTokenAuth]";
const CACHE_HELP: &str = "Keep credentials of roles on disk, in EKS_TOKEN_CACHE_DIR or \
                          ~/.cache/eks-token [env: EKS_TOKEN_CACHE=true]";

/// Whose credentials, and where.
#[derive(Debug, Args)]
pub(crate) struct Aws {
    /// The cluster's region.
    #[arg(long, value_parser = region, help = REGION_HELP)]
    pub(crate) region: Option<Region>,
    /// The profile of the AWS config files; goes before credentials in the environment.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) roles: Roles,
}

/// Roles to assume with what was found.
#[derive(Debug, Args)]
pub(crate) struct Roles {
    /// Assume this role; given several times, one after the other.
    #[arg(help_heading = ROLES, short, long, alias = "role", value_name = "ARN", value_parser = role_arn)]
    role_arn: Vec<RoleArn>,
    /// The external id of each role, in order; given once, it is that of the last.
    #[arg(help_heading = ROLES, short, long, value_name = "ID", value_parser = external_id, requires = "role_arn")]
    external_id: Vec<ExternalId>,
    /// The name of the roles' sessions.
    #[arg(help_heading = ROLES, short, long, value_name = "NAME", value_parser = session_name, requires = "role_arn", help = SESSION_NAME_HELP)]
    session_name: Option<SessionName>,
    /// Name the roles' sessions as the session of the credentials they are assumed with.
    #[arg(help_heading = ROLES, long, requires = "role_arn", conflicts_with = "session_name")]
    pub(crate) forward_session_name: bool,
    /// Keep credentials of roles on disk.
    #[arg(help_heading = ROLES, long, help = CACHE_HELP)]
    pub(crate) cache: bool,
}

impl Roles {
    /// In order.
    pub(crate) fn requests(&self) -> Result<Vec<AssumeRole>, Failure> {
        let (roles, ids) = (self.role_arn.len(), self.external_id.len());
        if ids > 1 && ids != roles {
            return Err(Failure::Usage(format!(
                "--external-id is given {ids} times for {roles} times --role-arn; give one for \
                 each, or one for the last"
            )));
        }
        let mut requests: Vec<AssumeRole> =
            self.role_arn.iter().cloned().map(AssumeRole::from).collect();
        let first_with_id = roles - ids;
        for (request, id) in requests.iter_mut().skip(first_with_id).zip(&self.external_id) {
            request.external_id = Some(id.clone());
        }
        for request in &mut requests {
            if let Some(name) = &self.session_name {
                request.session_name = name.clone();
            }
        }
        Ok(requests)
    }
}

pub(crate) fn role_arn(text: &str) -> Result<RoleArn, InvalidRole> {
    text.to_owned().try_into()
}

fn external_id(text: &str) -> Result<ExternalId, InvalidRole> {
    text.to_owned().try_into()
}

fn session_name(text: &str) -> Result<SessionName, InvalidRole> {
    text.to_owned().try_into()
}
