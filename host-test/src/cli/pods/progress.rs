//! A bar on standard error, where there is more than one page and someone to look at it.

use eks_token_host::kube::ListedSoFar;
use indicatif::{ProgressBar, ProgressStyle};

/// Gone when dropped.
#[derive(Default)]
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Called behind each page.
    pub(super) fn show(&mut self, so_far: ListedSoFar) {
        let arrived = so_far.pods as u64;
        let Some(remaining) = so_far.remaining.filter(|remaining| *remaining > 0) else { return };
        // indicatif draws on standard error, and only where that is a terminal.
        let bar = self.0.get_or_insert_with(|| {
            ProgressBar::new(0).with_style(
                ProgressStyle::with_template("{bar:40} {pos}/{len} pods")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        });
        bar.set_length(arrived + remaining);
        bar.set_position(arrived);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
