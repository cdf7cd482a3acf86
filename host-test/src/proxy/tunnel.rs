//! A connection that speaks another protocol from here on: bytes both ways, and what one side ends
//! the other may still answer.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tracing::debug;

/// Passes bytes until both sides have ended.
pub(super) async fn run(caller: OnUpgrade, cluster: OnUpgrade) {
    let (caller, cluster) = match tokio::try_join!(caller, cluster) {
        Ok(pair) => pair,
        Err(error) => {
            debug!(%error, "an upgrade did not come about");
            return;
        }
    };
    let (mut caller, mut cluster) = (TokioIo::new(caller), TokioIo::new(cluster));
    match copy_bidirectional(&mut caller, &mut cluster).await {
        Ok((sent, received)) => debug!(sent, received, "a tunnel ended"),
        Err(error) => debug!(%error, "a tunnel broke"),
    }
}
