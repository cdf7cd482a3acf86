//! `eks-token proxy`

mod arguments;
mod assemble;
mod config;
mod plan;

use std::convert::Infallible;
use std::time::Duration;

use eks_token_host::Signer;
use eks_token_host::proxy::{ListenAddress, Proxy as Running, ProxyOptions};
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(crate) use arguments::Proxy;

use crate::failure::Failure;
use crate::output::{Output, print_note};
use crate::world::World;
use plan::Plan;

/// What a rule may name: the methods of the Kubernetes API.
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// Serves until it is told to end, on all cores.
pub(crate) fn run(arguments: &Proxy, world: &World, signer: &Signer) -> Result<Output, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let result = runtime.block_on(serve(arguments, world, signer));
    // What did not end in time is cut off.
    runtime.shutdown_timeout(Duration::ZERO);
    result
}

async fn serve(arguments: &Proxy, world: &World, signer: &Signer) -> Result<Output, Failure> {
    let mut signals = Signals::listen().map_err(Failure::Runtime)?;
    let proxy = Running::start(options(arguments, world, signer).await?).await?;
    announce(&proxy).await;
    loop {
        // A source of credentials that is slow to answer does not make it deaf.
        let told = tokio::select! {
            told = signals.next() => told,
            never = warm_up(&proxy) => match never {},
        };
        match told {
            Told::End => break,
            Told::Reload => reload(&proxy, arguments, world, signer).await,
        }
    }
    print_note("", "ending; what is under way is waited for");
    tokio::select! {
        has_ended = proxy.stop(arguments.drain) => {
            if !has_ended {
                print_note("warning", "some requests were cut off");
            }
            Ok(Output::default())
        }
        () = signals.second() => Err(Failure::Interrupted),
    }
}

async fn options(
    arguments: &Proxy,
    world: &World,
    signer: &Signer,
) -> Result<ProxyOptions, Failure> {
    let mut plan = match (&arguments.config, &arguments.cluster_name) {
        (Some(path), _) => config::read(path)?,
        (None, Some(name)) => Plan::of_arguments(arguments, name)?,
        (None, None) => return Err(Failure::Usage("--cluster-name is missing".to_owned())),
    };
    plan.metrics = arguments.metrics_listen.or(plan.metrics);
    assemble::options(plan, world, signer).await
}

/// A mistake leaves everything as it was.
async fn reload(proxy: &Running, arguments: &Proxy, world: &World, signer: &Signer) {
    let reloaded = match options(arguments, world, signer).await {
        Ok(options) => proxy.reload(options).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    match reloaded {
        Ok(()) => {
            print_note("", "reloaded");
            announce(proxy).await;
        }
        Err(failure) => {
            print_note("error", &format!("not reloaded, all is as before: {failure}"));
        }
    }
}

async fn announce(proxy: &Running) {
    for address in proxy.addresses().await {
        let scheme = match address {
            ListenAddress::Tcp(_) if proxy.speaks_tls(&address).await => "https://",
            ListenAddress::Tcp(_) => "http://",
            ListenAddress::Unix(_) => "",
        };
        print_note("", &format!("listening on {scheme}{address}"));
    }
    if let Some(address) = proxy.metrics_address().await {
        print_note("", &format!("metrics on http://{address}/metrics"));
    }
}

/// What does not work now may work later: credentials are renewed by others, too. Never ends.
async fn warm_up(proxy: &Running) -> Infallible {
    for (cluster, reason) in proxy.warm_up().await {
        let text = format!("cluster {cluster}: {reason}; requests get 503 until that changes");
        print_note("warning", &text);
    }
    std::future::pending().await
}

/// What the process is told from outside.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

#[derive(Debug, PartialEq, Eq)]
enum Told {
    End,
    Reload,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.interrupt.recv() => Told::End,
            _ = self.terminate.recv() => Told::End,
            _ = self.hang_up.recv() => Told::Reload,
        }
    }

    /// Told to end once more.
    async fn second(&mut self) {
        while self.next().await != Told::End {}
    }
}
