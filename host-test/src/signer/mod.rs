//! The embedding: everything that a program needs to make tokens with the component.
//!
//! This is the only room that knows wasmtime.

mod bindings;
mod convert;
mod deadline;
mod error;
mod settings;
mod slots;

use std::sync::Arc;
use std::time::Duration;

use eks_token_signer::{
    Cluster, Credentials, Day, DayKey, ExecCredential, Inspection, Partition, Region,
    SecretAccessKey, StsEndpoint, Token, TokenRequest,
};
use wasmtime::component::{Component, Linker};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store, StoreLimits,
    StoreLimitsBuilder,
};

use bindings::{TokenSigner, TokenSignerPre};
pub use convert::PresignedRequest;
use deadline::Watchdog;
pub use error::SignerError;
use slots::Slots;

/// The component, compiled by `build.rs` of this very build, the fastest code first.
static MACHINE_CODE: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/machine_code.rs"));

/// The most memory that one call may use, in bytes. A token with a session token of the greatest
/// length takes a tenth of it.
const MAX_MEMORY: usize = 4 * 1024 * 1024;
/// The longest text that is handed to the component for reading, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

/// How the component is run. The defaults suit a server.
#[derive(Debug, Clone)]
pub struct SignerOptions {
    /// How long one call may take. A call takes some 20 µs; the deadline is there for a component
    /// that hangs. Kept to within a tenth more.
    pub deadline: Duration,
    /// How many calls may run at once. Further ones wait for their turn.
    pub concurrency: u32,
}

impl Default for SignerOptions {
    fn default() -> Self {
        Self { deadline: Duration::from_millis(200), concurrency: 32 }
    }
}

/// The signer component, ready to be called from any thread.
///
/// Each call gets a fresh instance with a memory of its own, which is wiped behind it: no call can
/// see another's secrets, and none that fails harms the next. Calls are short and never wait for
/// anything but their turn, so asynchronous code calls them like any function. Clones share
/// everything.
///
/// ```
/// use eks_token_host::{Credentials, Signer, SigningMaterial, SigningTime, TokenRequest};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::new()?;
/// let credentials = Credentials {
///     access_key_id: "AKIDEXAMPLE".to_owned().try_into()?,
///     material: SigningMaterial::SecretAccessKey("secret".to_owned().try_into()?),
///     session_token: None,
///     expires_at: None,
/// };
/// let request = TokenRequest {
///     cluster: "my-cluster".to_owned().try_into()?,
///     region: "eu-central-1".to_owned().try_into()?,
///     endpoint: Default::default(),
///     signed_at: SigningTime::from_unix_seconds(1_700_000_000)?,
///     url_expires_in: Default::default(),
///     lifetime: Default::default(),
/// };
/// let token = signer.create_token(&credentials, &request)?;
/// assert!(token.value.starts_with("k8s-aws-v1."));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Signer(Arc<Shared>);

struct Shared {
    guest: TokenSignerPre<StoreLimits>,
    runtime: Arc<Runtime>,
}

/// What the components of one engine share.
struct Runtime {
    engine: Engine,
    watchdog: Watchdog,
    slots: Slots,
}

impl Signer {
    /// The component that was compiled into this program, with the default options.
    ///
    /// # Errors
    /// [`SignerError::Unusable`] where the machine cannot run it: a CPU without the features of
    /// the plain baseline, or too little address space.
    pub fn new() -> Result<Self, SignerError> {
        Self::with_options(&SignerOptions::default())
    }

    /// The component that was compiled into this program.
    ///
    /// # Errors
    /// As [`Signer::new`].
    pub fn with_options(options: &SignerOptions) -> Result<Self, SignerError> {
        let runtime = Arc::new(Runtime::new(options)?);
        let component = runtime.load()?;
        Self::link(runtime, &component)
    }

    /// Another component of the same world, compiled here and now. Machine code is not taken: it
    /// would be run as it is.
    ///
    /// # Errors
    /// [`SignerError::Unusable`] where `wasm` is no component, imports anything, or lacks an
    /// export.
    #[cfg(feature = "compiler")]
    pub fn from_component(wasm: &[u8], options: &SignerOptions) -> Result<Self, SignerError> {
        let runtime = Arc::new(Runtime::new(options)?);
        let component = runtime.compile(wasm)?;
        Self::link(runtime, &component)
    }

    /// As [`Signer::from_component`], in the engine of this signer: both use the same memories,
    /// deadline and turns.
    ///
    /// # Errors
    /// As [`Signer::from_component`].
    #[cfg(feature = "compiler")]
    pub fn beside(&self, wasm: &[u8]) -> Result<Self, SignerError> {
        let runtime = Arc::clone(&self.0.runtime);
        let component = runtime.compile(wasm)?;
        Self::link(runtime, &component)
    }

    /// With an empty linker: a component that imports anything fails here.
    fn link(runtime: Arc<Runtime>, component: &Component) -> Result<Self, SignerError> {
        let linker: Linker<StoreLimits> = Linker::new(&runtime.engine);
        let guest = linker
            .instantiate_pre(component)
            .and_then(TokenSignerPre::new)
            .map_err(SignerError::Unusable)?;
        Ok(Self(Arc::new(Shared { guest, runtime })))
    }

    /// Makes a token.
    ///
    /// # Errors
    /// [`SignerError::Refused`] with the reason, or a fault of the component.
    pub fn create_token(
        &self,
        credentials: &Credentials,
        request: &TokenRequest,
    ) -> Result<Token, SignerError> {
        let (keys, request) = (convert::borrow_keys(credentials), convert::request(request));
        let credentials = convert::credentials(credentials, &keys);
        self.call(|guest, store| {
            guest.eks_token_signer().call_create_token(store, credentials, request)
        })?
        .map(Token::from)
        .map_err(SignerError::refused)
    }

    /// Makes the presigned request inside a token, for whoever sends it elsewhere.
    ///
    /// # Errors
    /// As [`Signer::create_token`].
    pub fn presign(
        &self,
        credentials: &Credentials,
        request: &TokenRequest,
    ) -> Result<PresignedRequest, SignerError> {
        let (keys, request) = (convert::borrow_keys(credentials), convert::request(request));
        let credentials = convert::credentials(credentials, &keys);
        self.call(|guest, store| {
            guest.eks_token_signer().call_presign(store, credentials, request)
        })?
        .map(PresignedRequest::from)
        .map_err(SignerError::refused)
    }

    /// Derives the signing key of one day, for a host that should not hold the secret.
    ///
    /// It signs any STS request of that day: derive it from temporary credentials of a role that
    /// may do nothing at STS, never from the long-lived key of a user.
    ///
    /// # Errors
    /// As [`Signer::create_token`].
    pub fn derive_signing_key(
        &self,
        secret: &SecretAccessKey,
        region: &Region,
        endpoint: &StsEndpoint,
        day: Day,
    ) -> Result<DayKey, SignerError> {
        self.call(|guest, store| {
            guest.eks_token_signer().call_derive_signing_key(
                store,
                secret.expose(),
                region.as_str(),
                convert::endpoint(endpoint),
                day.number(),
            )
        })?
        .map_err(SignerError::refused)
        .and_then(|key| DayKey::try_from(key).map_err(SignerError::Refused))
    }

    /// Reads a token as a cluster of `partition` would at `now` (Unix seconds); without a
    /// partition, as one of the host's own.
    ///
    /// # Errors
    /// [`SignerError::TooLong`], or a fault of the component. A bad token is no error.
    pub fn inspect(
        &self,
        token: &str,
        partition: Option<Partition>,
        now: u64,
    ) -> Result<Inspection, SignerError> {
        check_length(token)?;
        let partition = partition.map(Partition::name);
        self.call(|guest, store| {
            guest.eks_token_inspector().call_inspect(store, token, partition, now)
        })?
        .map(Inspection::from)
        .map_err(SignerError::refused)
    }

    /// Whether `token` was signed for `cluster` with `credentials`.
    ///
    /// # Errors
    /// As [`eks_token_signer::verify`], [`SignerError::TooLong`], or a fault of the component.
    pub fn verify(
        &self,
        token: &str,
        credentials: &Credentials,
        cluster: &Cluster,
    ) -> Result<bool, SignerError> {
        check_length(token)?;
        let keys = convert::borrow_keys(credentials);
        let credentials = convert::credentials(credentials, &keys);
        self.call(|guest, store| {
            let inspector = guest.eks_token_inspector();
            inspector.call_verify(store, token, credentials, cluster.as_str())
        })?
        .map_err(SignerError::refused)
    }

    /// Wraps a token for a Kubernetes client; `exec_info` is the value of `KUBERNETES_EXEC_INFO`.
    ///
    /// # Errors
    /// As [`eks_token_signer::exec_credential`], [`SignerError::TooLong`], or a fault of the
    /// component.
    pub fn exec_credential(
        &self,
        token: &Token,
        exec_info: Option<&str>,
    ) -> Result<ExecCredential, SignerError> {
        exec_info.map_or(Ok(()), check_length)?;
        let findings = convert::findings(&token.findings);
        let token = convert::token(token, &findings);
        self.call(|guest, store| {
            guest.eks_token_exec().call_exec_credential(store, token, exec_info)
        })?
        .map(ExecCredential::from)
        .map_err(SignerError::refused)
    }

    /// One call in a fresh instance, within its deadline. Traps poison instances, so none is used
    /// twice.
    fn call<T>(
        &self,
        work: impl FnOnce(&TokenSigner, &mut Store<StoreLimits>) -> wasmtime::Result<T>,
    ) -> Result<T, SignerError> {
        let Shared { guest, runtime } = &*self.0;
        let _slot = runtime.slots.take();
        let limits = StoreLimitsBuilder::new()
            .memory_size(MAX_MEMORY)
            .memories(1)
            .tables(2)
            .instances(4)
            .build();
        let mut store = Store::new(guest.engine(), limits);
        store.limiter(|limits| limits);
        let _watched = runtime.watchdog.watch(&mut store);
        let instance = guest.instantiate(&mut store).map_err(SignerError::from_trap)?;
        work(&instance, &mut store).map_err(SignerError::from_trap)
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

fn check_length(text: &str) -> Result<(), SignerError> {
    if text.len() > MAX_TEXT {
        return Err(SignerError::TooLong { limit: MAX_TEXT });
    }
    Ok(())
}

impl Runtime {
    fn new(options: &SignerOptions) -> Result<Self, SignerError> {
        let mut config: Config = settings::config();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options)));
        let engine = Engine::new(&config).map_err(SignerError::Unusable)?;
        let watchdog = Watchdog::start(engine.clone(), options.deadline);
        Ok(Self { engine, watchdog, slots: Slots::new(options.concurrency) })
    }

    /// The first machine code that this CPU can run.
    fn load(&self) -> Result<Component, SignerError> {
        let mut refusal = None;
        for code in MACHINE_CODE {
            #[expect(unsafe_code, reason = "wasmtime asks for it")]
            // SAFETY: `precompile_component` wrote these bytes when this program was built.
            let component = unsafe { Component::deserialize(&self.engine, code) };
            match component {
                Ok(component) => return Ok(component),
                Err(error) => refusal = Some(error),
            }
        }
        let refusal = refusal.unwrap_or_else(|| wasmtime::Error::msg("no machine code was built"));
        Err(SignerError::Unusable(refusal))
    }

    #[cfg(feature = "compiler")]
    fn compile(&self, wasm: &[u8]) -> Result<Component, SignerError> {
        Component::from_binary(&self.engine, wasm).map_err(SignerError::Unusable)
    }
}

/// Memory is set aside once and reused: instantiation then costs a few microseconds. The defaults
/// are made for far larger guests.
fn pool(options: &SignerOptions) -> PoolingAllocationConfig {
    let slots = options.concurrency.max(1);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        // A component is a few core instances: the code, and the adapters around it.
        .total_core_instances(slots * 4)
        .max_core_instances_per_component(4)
        .total_memories(slots)
        .max_memories_per_component(1)
        .max_memory_size(MAX_MEMORY)
        .total_tables(slots * 2)
        .max_tables_per_component(2)
        .table_elements(512)
        // A used memory is wiped by writing rather than by the kernel, which is dearer for so few
        // pages: it halves the cost of a call.
        .linear_memory_keep_resident(192 * 1024)
        .table_keep_resident(4 * 1024);
    pool
}
