//! What `-v` shows of the way a token goes.
//!
//! Only what is known to log no secret is let through. The signing and HTTP layers of the AWS SDK
//! print requests, and some of its versions session tokens: they stay silent at any level.

use std::io;

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Of others, those whose events name hosts, sources and times and nothing else.
const HARMLESS: [&str; 4] = ["aws_config", "hyper_util", "rustls", "tower"];

/// Writes to standard error: with one `-v` what is done, with two how, with three also what the
/// connections do.
pub(crate) fn start(verbosity: u8) {
    let (ours, others) = match verbosity {
        0 => return,
        1 => (LevelFilter::INFO, LevelFilter::OFF),
        2 => (LevelFilter::DEBUG, LevelFilter::OFF),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let targets = Targets::new()
        .with_default(LevelFilter::OFF)
        .with_target("eks_token", ours)
        .with_target("eks_token_host", ours)
        .with_targets(HARMLESS.map(|name| (name, others)));
    let is_coloured = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(is_coloured)
        .without_time()
        .with_filter(targets);
    tracing_subscriber::registry().with(layer).init();
}
