//! The order in which the AWS CLI is called: `aws --region R eks get-token …`. Kubeconfigs are full of
//! it, and go on to work when `command` alone is changed.

use std::ffi::OsString;

/// Its global options that commands here have, too. Each has a value.
const GLOBAL: [&str; 3] = ["--region", "--profile", "--output"];

/// Puts global options behind the command, and leaves the service's name out. What is not in the
/// order of the AWS CLI stays as it is.
pub(crate) fn reorder(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut begin = 1;
    while let Some(width) = arguments.get(begin).and_then(global_width) {
        begin += width;
    }
    if arguments.get(begin).is_some_and(|argument| argument == "eks") {
        arguments.remove(begin);
    }
    // Without a command behind them there is nothing to put them behind.
    if begin > 1 && begin < arguments.len() {
        let options: Vec<OsString> = arguments.drain(1..begin).collect();
        arguments.splice(2..2, options);
    }
    arguments
}

/// How many arguments such an option takes up; none where it is none.
fn global_width(argument: &OsString) -> Option<usize> {
    let text = argument.to_str()?;
    match text.split_once('=') {
        Some((name, _)) => GLOBAL.contains(&name).then_some(1),
        None => GLOBAL.contains(&text).then_some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reordered(line: &str) -> String {
        let arguments = reorder(line.split(' ').map(OsString::from));
        let words: Vec<_> = arguments.iter().map(|word| word.to_str().expect("text")).collect();
        words.join(" ")
    }

    #[test]
    fn takes_the_order_of_the_aws_cli() {
        assert_eq!(
            reordered("p --region r eks get-token --cluster-name c --output json --role a"),
            "p get-token --region r --cluster-name c --output json --role a"
        );
        assert_eq!(
            reordered("p --profile=x --region r eks get-token --cluster-id i"),
            "p get-token --profile=x --region r --cluster-id i"
        );
        assert_eq!(reordered("p eks get-token -i i"), "p get-token -i i");
        assert_eq!(reordered("p --region r get-token -i i"), "p get-token --region r -i i");
    }

    #[test]
    fn leaves_all_else_alone() {
        for line in [
            "p",
            "p get-token --cluster-name eks --region r",
            "p --region",
            "p --region r",
            "p --help",
            "p -v get-token -i i",
            "p pods --cluster-name eks",
        ] {
            assert_eq!(reordered(line), line);
        }
    }
}
