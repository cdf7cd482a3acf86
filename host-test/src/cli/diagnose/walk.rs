//! The way that a token goes, step by step, up to the first that is broken.

use eks_token_host::aws::{AwsError, Settings, StsAnswer, describe_cluster};
use eks_token_host::kube::{ApiServer, ClientError, Namespace, TransportFault, probe, read};
use eks_token_host::{CallerIdentity, Cluster, Partition, Region, Signer, Token};

use super::aws_auth;
use super::look_up::Looked;
use super::mapping::Mapped;
use super::step::{Diagnosis, Outcome, Step};
use super::words::{refusal_code, remedy, source};
use crate::arguments::Diagnose;
use crate::caller::{self, Caller};
use crate::failure::Failure;
use crate::files;
use crate::locate;
use crate::moment::{relative, rfc3339};
use crate::request::token_request;
use crate::whoami::ask_sts;
use crate::world::World;

/// How far a clock may be off before STS refuses, in seconds.
const MAX_SKEW: u64 = 300;
/// A `ConfigMap` holds at most a mebibyte.
const MAX_CONFIG_MAP_SIZE: u64 = 2 * 1024 * 1024;

pub(super) struct Walk<'a> {
    pub(super) arguments: &'a Diagnose,
    pub(super) world: &'a World,
    signer: &'a Signer,
    diagnosis: Diagnosis,
}

/// The way has ended: at a broken step, which is written down, or for want of something.
pub(super) enum End {
    Broken,
    Failed(Failure),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(arguments: &'a Diagnose, world: &'a World, signer: &'a Signer) -> Self {
        Self { arguments, world, signer, diagnosis: Diagnosis::default() }
    }

    /// # Errors
    /// Only where the user has to give something else: what is wrong with the world is the answer.
    pub(super) async fn go(mut self) -> Result<Diagnosis, Failure> {
        match self.walk().await {
            Ok(()) | Err(End::Broken) => Ok(self.diagnosis),
            Err(End::Failed(failure)) => Err(failure),
        }
    }

    async fn walk(&mut self) -> Result<(), End> {
        let given = locate::given(&self.arguments.target, self.world)?;
        let map = self.read_aws_auth_file()?;
        let caller = self.find_caller().await?;
        let (server, token_name, mode) = self.find_cluster(&caller, given).await?;
        self.reach(&server).await?;
        let token = self.make_token(&caller, &token_name)?;
        let identity = self.ask_sts(&caller, token_name).await?;
        let looked = Looked { identity: &identity, mode, file: map };
        let is_known = self.find_mapping(&caller, looked, &server, &token).await?;
        self.ask_api_server(&server, &token, &identity, is_known).await
    }

    pub(super) fn pass(&mut self, step: Step, detail: impl Into<String>) {
        self.diagnosis.0.push((step, Outcome::Passed(detail.into())));
    }

    pub(super) fn unknown(&mut self, step: Step, detail: impl Into<String>) {
        self.diagnosis.0.push((step, Outcome::Unknown(detail.into())));
    }

    pub(super) fn broken(
        &mut self,
        step: Step,
        code: &'static str,
        message: &impl ToString,
    ) -> End {
        self.diagnosis.0.push((step, Outcome::broken(code, message)));
        End::Broken
    }

    fn read_aws_auth_file(&self) -> Result<Option<Vec<Mapped>>, Failure> {
        let Some(path) = &self.arguments.aws_auth else { return Ok(None) };
        let text = files::read("the ConfigMap aws-auth", path, MAX_CONFIG_MAP_SIZE)?;
        let mapped = std::str::from_utf8(&text).map_err(|_| "it is no text");
        mapped
            .and_then(aws_auth::parse)
            .map(Some)
            .map_err(|reason| Failure::Usage(format!("--aws-auth {}: {reason}", path.display())))
    }

    /// Credentials, then the region: without one, the credentials are still looked for.
    async fn find_caller(&mut self) -> Result<Caller, End> {
        let Diagnose { aws, cluster_name, .. } = self.arguments;
        let settings = Settings::load(&self.world.environment, aws.profile.as_deref()).await;
        let settings = settings.map_err(|error| self.credentials_broken(&error.into()))?;
        let in_arn = cluster_name.region.as_ref();
        let region = caller::region(aws.region.as_ref(), in_arn, settings.region.as_ref());
        let stand_in = Region::try_from("us-east-1".to_owned())
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let with = region.as_ref().unwrap_or(&stand_in).clone();
        let caller = Caller::with_settings(self.world, aws, settings, with).await;
        let caller = caller.map_err(|failure| self.credentials_broken(&failure))?;
        let until = match caller.credentials.expires_at {
            Some(at) if at <= self.world.now => {
                let failure = Failure::CredentialsExpired(at);
                return Err(self.broken(Step::Credentials, "credentials-expired", &failure));
            }
            Some(at) => format!("until {} ({})", rfc3339(at), relative(at, self.world.now)),
            None => "which do not say when they end".to_owned(),
        };
        let id = caller.credentials.access_key_id.as_str();
        let source = source(self.world, &caller.settings);
        self.pass(Step::Credentials, format!("{id} from {source}, {until}"));
        match region {
            Ok(region) => {
                let partition = Partition::of_region(region.as_str()).map_or("", Partition::name);
                self.pass(Step::Region, format!("{} in partition {partition}", region.as_str()));
                Ok(caller)
            }
            Err(failure) => {
                let code = match failure {
                    Failure::NoRegion => "no-region",
                    Failure::UnknownRegion(_) => "unknown-region",
                    _ => "region-conflict",
                };
                Err(self.broken(Step::Region, code, &failure))
            }
        }
    }

    fn credentials_broken(&mut self, failure: &Failure) -> End {
        let code = match failure {
            Failure::Aws(AwsError::NoCredentials(_)) => "no-credentials",
            Failure::Aws(AwsError::ProfileNotFound(_)) => "no-profile",
            Failure::Aws(AwsError::PartialCredentials { .. }) => "partial-credentials",
            Failure::Aws(AwsError::AssumeRole { .. }) => "role-not-assumed",
            _ => "credentials",
        };
        self.broken(Step::Credentials, code, failure)
    }

    /// The server, the name that tokens are signed for, and where the cluster looks for identities.
    async fn find_cluster(
        &mut self,
        caller: &Caller,
        given: Option<ApiServer>,
    ) -> Result<(ApiServer, Cluster, Option<String>), End> {
        let name = &self.arguments.cluster_name.name;
        if let Some(server) = given {
            self.pass(Step::Cluster, "not asked for: --server says where it is");
            return Ok((server, name.clone(), None));
        }
        let session = caller.session(self.world);
        let description = describe_cluster(&session, &caller.credentials, name).await;
        let description = match description {
            Ok(description) => description,
            Err(error) => return Err(self.cluster_broken(caller, error).await),
        };
        let server = locate::described(&description, &self.arguments.target, self.world)
            .map_err(|failure| self.broken(Step::Cluster, "described-wrongly", &failure))?;
        self.pass(Step::Cluster, format!("{} at {}", name.as_str(), server.url));
        Ok((server, description.token_name, description.authentication_mode))
    }

    /// Where AWS refuses the signature, STS says more exactly why.
    async fn cluster_broken(&mut self, caller: &Caller, error: AwsError) -> End {
        let code = match &error {
            AwsError::ClusterNotFound { .. } => "cluster-not-found",
            AwsError::ClusterNotReady(_) => "cluster-not-ready",
            AwsError::CredentialsRefused(_) => "credentials-refused",
            AwsError::DescribeDenied(_) => "describe-denied",
            AwsError::Transport(_) => "eks-unreachable",
            _ => "describe-failed",
        };
        if matches!(error, AwsError::CredentialsRefused(_)) {
            let name = self.arguments.cluster_name.name.clone();
            if let Ok(answer) = ask_sts(caller, name, self.world, self.signer).await
                && let Err((code, message)) = self.judge_sts(answer)
            {
                return self.broken(Step::Cluster, code, &message);
            }
        }
        self.broken(Step::Cluster, code, &error)
    }

    async fn reach(&mut self, server: &ApiServer) -> Result<(), End> {
        match probe(server).await {
            Ok(()) => {
                self.pass(Step::Endpoint, "it answers, and the cluster's CA vouches for it");
                Ok(())
            }
            Err(error) => {
                let code = match &error {
                    ClientError::Transport(fault) => match fault {
                        TransportFault::NameNotResolved => "endpoint-not-resolved",
                        TransportFault::UntrustedCertificate => "wrong-ca",
                        TransportFault::WrongHost => "wrong-host",
                        TransportFault::CertificateExpired => "certificate-expired",
                        TransportFault::Proxy(_) => "proxy",
                        _ => "endpoint-unreachable",
                    },
                    _ => "endpoint",
                };
                Err(self.broken(Step::Endpoint, code, &error))
            }
        }
    }

    fn make_token(&mut self, caller: &Caller, name: &Cluster) -> Result<Token, End> {
        let Caller { settings, region, credentials } = caller;
        let endpoint = settings.sts_endpoint(region);
        let signed_at = self.world.signing_time()?;
        let request = token_request(name.clone(), region.clone(), endpoint, signed_at);
        let token = self.signer.create_token(credentials, &request);
        let token = token.map_err(|error| self.broken(Step::Token, "not-signed", &error))?;
        let partition = Partition::of_region(region.as_str());
        let inspection = self.signer.inspect(&token.value, partition, self.world.now);
        let inspection = inspection.map_err(Failure::from)?;
        if let Err(rejection) = &inspection.server {
            return Err(self.broken(Step::Token, rejection.code(), &rejection));
        }
        if let Some(finding) = inspection.findings.into_iter().next() {
            return Err(self.broken(Step::Token, "sts-would-refuse", &finding.message));
        }
        let host = inspection.claims.map(|claims| claims.sts_host).unwrap_or_default();
        self.pass(Step::Token, format!("signed for {host}, and the cluster's checks pass"));
        Ok(token)
    }

    async fn ask_sts(&mut self, caller: &Caller, name: Cluster) -> Result<CallerIdentity, End> {
        let answer = ask_sts(caller, name, self.world, self.signer).await;
        let answer =
            answer.map_err(|failure| self.broken(Step::Sts, "sts-unreachable", &failure))?;
        match self.judge_sts(answer) {
            Ok(identity) => {
                self.pass(Step::Sts, format!("you are {}", identity.arn));
                Ok(identity)
            }
            Err((code, message)) => Err(self.broken(Step::Sts, code, &message)),
        }
    }

    /// Who it is; else what is wrong, for programs and for people. The clock first: where that is
    /// off, whatever STS says is for want of it.
    fn judge_sts(&self, answer: StsAnswer) -> Result<CallerIdentity, (&'static str, String)> {
        let StsAnswer { server_time, verdict } = answer;
        let skew = server_time.map_or(0, |time| time.abs_diff(self.world.now));
        if skew > MAX_SKEW {
            let side = if server_time > Some(self.world.now) { "behind" } else { "ahead of" };
            let message = format!(
                "the clock of this machine is {skew} seconds {side} that of STS, which takes no \
                 more than {MAX_SKEW}; set it (NTP)"
            );
            return Err(("clock-skew", message));
        }
        verdict
            .map_err(|refusal| (refusal_code(&refusal), Failure::StsRefused(refusal).to_string()))
    }

    async fn ask_api_server(
        &mut self,
        server: &ApiServer,
        token: &Token,
        identity: &CallerIdentity,
        is_known: bool,
    ) -> Result<(), End> {
        let namespace = self.arguments.namespace.clone().unwrap_or_default();
        let answer = match server.client(token) {
            Ok(client) => read(&client, &pods_path(&namespace)).await,
            Err(error) => Err(error),
        };
        let canonical = identity.canonical_arn();
        match answer {
            Ok(_) => {
                let namespace = namespace.as_str();
                self.pass(Step::ApiServer, format!("lists the pods of namespace {namespace}"));
                Ok(())
            }
            Err(ClientError::Unauthorized) if is_known => {
                let message = "401 Unauthorized, though STS takes the token and the identity is \
                               mapped; a mapping takes a minute to be seen, and the token's \
                               cluster must be this server's: try again, then check --server";
                Err(self.broken(Step::ApiServer, "unauthorized", &message))
            }
            Err(ClientError::Unauthorized) => {
                let message = format!(
                    "401 Unauthorized, and STS takes the token: so the cluster does not know \
                     {canonical}, or this server is of another cluster; {}, or look into aws-auth \
                     (--aws-auth FILE)",
                    remedy(&canonical)
                );
                Err(self.broken(Step::ApiServer, "not-mapped", &message))
            }
            Err(error @ ClientError::Forbidden(_)) => {
                Err(self.broken(Step::ApiServer, "forbidden", &error))
            }
            Err(error) => Err(self.broken(Step::ApiServer, "api-server", &error)),
        }
    }
}

fn pods_path(namespace: &Namespace) -> String {
    format!("/api/v1/namespaces/{}/pods?limit=1", namespace.as_str())
}
