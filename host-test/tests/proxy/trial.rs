//! A proxy within the test, in front of a cluster that is made up.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use eks_token_host::kube::{
    ApiServer, BoxFuture, CertificateAuthority, Locator, ProxySettings, TokenSource,
};
use eks_token_host::proxy::{
    Callers, Interactive, ListenAddress, ListenerOptions, PathPrefix, Proxy, ProxyOptions, Route,
    Rules, Upstream as Cluster,
};
use eks_token_host::{Clock, Token};

use super::upstream::Upstream;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

pub(crate) struct Trial {
    pub(crate) proxy: Proxy,
    pub(crate) address: SocketAddr,
    pub(crate) upstream: Upstream,
    pub(crate) source: Arc<Source>,
}

/// Makes `token-0`, `token-1` and so on, and finds the cluster where it is said to be.
pub(crate) struct Source {
    pub(crate) made: AtomicU64,
    pub(crate) located: AtomicU64,
    pub(crate) fails: AtomicBool,
    /// Seconds since 1970.
    pub(crate) clock: Arc<AtomicU64>,
    pub(crate) server: Mutex<ApiServer>,
}

impl TokenSource for Source {
    fn token(&self, _was_refused: bool) -> BoxFuture<'_, Result<Token>> {
        Box::pin(async {
            // Others get their turn, as with a source that is far away.
            tokio::task::yield_now().await;
            if self.fails.load(SeqCst) {
                return Err("the AWS credentials expired".into());
            }
            let value = format!("token-{}", self.made.fetch_add(1, SeqCst));
            let expires_at = self.clock.load(SeqCst) + 840;
            Ok(Token { value, expires_at, findings: Vec::new() })
        })
    }
}

impl Locator for Source {
    fn locate(&self) -> BoxFuture<'_, Result<ApiServer>> {
        self.located.fetch_add(1, SeqCst);
        Box::pin(async { Ok(self.server.lock().expect("no panic").clone()) })
    }
}

impl Source {
    pub(crate) fn of(upstream: &Upstream) -> Arc<Self> {
        Arc::new(Self {
            made: AtomicU64::new(0),
            located: AtomicU64::new(0),
            fails: AtomicBool::new(false),
            clock: Arc::new(AtomicU64::new(1_750_000_000)),
            server: Mutex::new(server(upstream)),
        })
    }

    pub(crate) fn cluster(self: &Arc<Self>, name: &str) -> Cluster {
        let clock = Arc::clone(&self.clock);
        Cluster {
            name: name.to_owned(),
            locator: Arc::clone(self) as Arc<dyn Locator>,
            tokens: Arc::clone(self) as Arc<dyn TokenSource>,
            clock: Clock::new(move || clock.load(SeqCst)),
        }
    }
}

pub(crate) fn server(upstream: &Upstream) -> ApiServer {
    ApiServer {
        url: upstream.url().as_str().try_into().expect("a URL"),
        certificate_authority: CertificateAuthority::try_from(upstream.authority.as_bytes())
            .expect("an authority"),
        proxy: ProxySettings::default(),
        tls_server_name: None,
    }
}

/// At any free port of loopback.
pub(crate) fn listener(route: Route) -> ListenerOptions {
    ListenerOptions {
        address: ListenAddress::try_from("127.0.0.1:0").expect("an address"),
        tls: None,
        callers: Callers::default(),
        routes: vec![route],
    }
}

pub(crate) fn route(cluster: Cluster, rules: Rules) -> Route {
    Route { host: None, path: PathPrefix::default(), rules, upstream: cluster }
}

/// All methods of the API on all paths, and all ways into containers.
pub(crate) fn everything() -> Rules {
    let value = serde_json::json!({
        "allow": [{"methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "paths": ["/**"]}],
        "interactive": Interactive::NAMED.map(|(name, _)| name),
    });
    Rules::from_value(&value).expect("rules")
}

impl Trial {
    /// With the rules that hold where nothing is said.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Where everything may pass.
    pub(crate) async fn open() -> Self {
        Self::with(|options| options.routes[0].rules = everything()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut ListenerOptions)) -> Self {
        let upstream = Upstream::start().await;
        let source = Source::of(&upstream);
        let mut options = listener(route(source.cluster("made-up"), Rules::reading()));
        change(&mut options);
        let options = ProxyOptions { listeners: vec![options], metrics: None };
        let proxy = Proxy::start(options).await.expect("it starts");
        let address = match proxy.addresses().await.first() {
            Some(ListenAddress::Tcp(address)) => *address,
            _ => ([127, 0, 0, 1], 0).into(),
        };
        Self { proxy, address, upstream, source }
    }
}
