//! The step that asks whether the cluster knows the identity.

use eks_token_host::aws::list_access_entries;
use eks_token_host::kube::{ApiServer, ClientError, read};
use eks_token_host::{CallerIdentity, Token};

use super::aws_auth;
use super::mapping::{Mapped, MappedBy, Verdict, judge};
use super::step::Step;
use super::walk::{End, Walk};
use super::words::{explain, place, remedy};
use crate::caller::Caller;

/// What to look for, and where.
pub(super) struct Looked<'a> {
    pub(super) identity: &'a CallerIdentity,
    /// `API`, `API_AND_CONFIG_MAP` or `CONFIG_MAP`, where it is known.
    pub(super) mode: Option<String>,
    /// The mappings of `aws-auth`, where the user gave them.
    pub(super) file: Option<Vec<Mapped>>,
}

impl Walk<'_> {
    /// Whether the cluster knows the identity, as far as that can be seen from here.
    pub(super) async fn find_mapping(
        &mut self,
        caller: &Caller,
        looked: Looked<'_>,
        server: &ApiServer,
        token: &Token,
    ) -> Result<bool, End> {
        let Looked { identity, mode, file } = looked;
        let canonical = identity.canonical_arn();
        let mut mapped = Vec::new();
        let mut unseen = Vec::new();
        if mode.as_deref() != Some("CONFIG_MAP") {
            match self.access_entries(caller).await {
                Ok(entries) => mapped.extend(entries),
                Err(reason) => unseen.push(reason),
            }
        }
        let is_aws_auth_read = mode.as_deref() != Some("API");
        match file {
            Some(entries) if is_aws_auth_read => mapped.extend(entries),
            Some(entries) if matches!(judge(identity, &entries), Verdict::Known(_)) => {
                let message = format!(
                    "{canonical} is in aws-auth, which this cluster does not look at (its \
                     authentication mode is API); {}",
                    remedy(&canonical)
                );
                return Err(self.broken(Step::Mapping, "aws-auth-ignored", &message));
            }
            None if is_aws_auth_read => match read_aws_auth(server, token).await {
                Ok(entries) => mapped.extend(entries),
                Err(reason) => unseen.push(reason),
            },
            _ => {}
        }
        match judge(identity, &mapped) {
            Verdict::Known(known) => {
                self.pass(Step::Mapping, format!("{} {}", known.arn, place(known.by)));
                Ok(true)
            }
            Verdict::Mistaken(other, mistake) => {
                let message = explain(&other, mistake, &canonical);
                Err(self.broken(Step::Mapping, mistake.code(), &message))
            }
            Verdict::Unknown if unseen.is_empty() => {
                let message =
                    format!("the cluster does not know {canonical}; {}", remedy(&canonical));
                Err(self.broken(Step::Mapping, "not-mapped", &message))
            }
            Verdict::Unknown => {
                self.unknown(Step::Mapping, unseen.join("; "));
                Ok(false)
            }
        }
    }

    async fn access_entries(&self, caller: &Caller) -> Result<Vec<Mapped>, String> {
        let session = caller.session(self.world);
        let name = &self.arguments.cluster_name.name;
        let principals = list_access_entries(&session, &caller.credentials, name).await;
        let mapped = |arn| Mapped { arn, by: MappedBy::AccessEntry };
        principals
            .map(|principals| principals.into_iter().map(mapped).collect())
            .map_err(|error| error.to_string())
    }
}

/// By the identity itself: most may not.
async fn read_aws_auth(server: &ApiServer, token: &Token) -> Result<Vec<Mapped>, String> {
    const PATH: &str = "/api/v1/namespaces/kube-system/configmaps/aws-auth";
    let client = server.client(token).map_err(|error| error.to_string())?;
    match read(&client, PATH).await {
        Ok(config_map) => aws_auth::mappings(&config_map)
            .map_err(|reason| format!("aws-auth cannot be used: {reason}")),
        Err(ClientError::Answer { status: 404, .. }) => Ok(Vec::new()),
        Err(ClientError::Unauthorized | ClientError::Forbidden(_)) => {
            Err("aws-auth may not be read by this identity (--aws-auth FILE gives it)".to_owned())
        }
        Err(error) => Err(format!("aws-auth cannot be read: {error}")),
    }
}
