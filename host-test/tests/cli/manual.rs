//! What a person's shell and terminal get: completions, the manual, help with examples, colour.

use std::process::{Command, Stdio};

use crate::outcome::{failure, stderr, success};
use crate::support::{eks_token, get_token, home};
use crate::terminal::terminal;

const EKS_TOKEN: &str = env!("CARGO_BIN_EXE_eks-token");

const COMMANDS: [&str; 7] =
    ["get-token", "update-kubeconfig", "pods", "inspect", "diagnose", "whoami", "derive-key"];

#[test]
fn completes_in_the_usual_shells() {
    let home = home();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = success(
            &eks_token(home.path()).args(["completions", shell]).output().expect("it runs"),
        );
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(script.contains("cluster-name"), "{shell}");
    }
    let line =
        failure(&eks_token(home.path()).args(["completions", "cmd"]).output().expect("it runs"), 2);
    assert!(line.contains("bash"), "{line}");
}

/// bash itself reads it, and completes with it.
#[test]
fn bash_takes_the_completions() {
    let home = home();
    let script =
        success(&eks_token(home.path()).args(["completions", "bash"]).output().expect("it runs"));
    let program = format!(
        "{script}\nCOMP_WORDS=(eks-token get-token --cluster-n); COMP_CWORD=2\n\
         _eks__token eks-token --cluster-n get-token; echo \"${{COMPREPLY[@]}}\""
    );
    let output = Command::new("bash").args(["-c", &program]).output().expect("bash runs");
    assert_eq!(success(&output).trim_end(), "--cluster-name");
}

#[test]
fn prints_manuals() {
    let home = home();
    let page = success(&eks_token(home.path()).arg("man").output().expect("it runs"));
    assert!(page.contains(".TH eks-token 1"), "{page}");
    for command in COMMANDS {
        let output = eks_token(home.path()).args(["man", command]).output().expect("it runs");
        let page = success(&output);
        assert!(page.contains(&format!(".TH eks-token-{command} 1")), "{page}");
        assert!(page.contains("Examples:"), "{command}");
        let help = eks_token(home.path()).args([command, "--help"]).output().expect("it runs");
        assert!(success(&help).contains("Examples:"), "{command}");
    }
    let line =
        failure(&eks_token(home.path()).args(["man", "nothing"]).output().expect("it runs"), 2);
    assert!(line.contains("diagnose"), "{line}");
}

#[test]
fn colours_for_terminals_alone() {
    let home = home();
    let piped = eks_token(home.path()).arg("nonsense").output().expect("it runs");
    assert!(!stderr(&piped).contains('\u{1b}'));
    let at_terminal = |variables: &[(&str, &str)]| {
        let mut terminal = terminal(&format!("{EKS_TOKEN} nonsense"))?;
        terminal.envs(variables.iter().copied()).stdin(Stdio::null());
        let output = terminal.output().expect("it runs");
        Some(String::from_utf8(output.stdout).expect("text"))
    };
    let Some(shown) = at_terminal(&[]) else {
        eprintln!("skipped: there is no script(1) of util-linux");
        return;
    };
    assert!(shown.contains('\u{1b}'));
    let plain = at_terminal(&[("NO_COLOR", "1")]).expect("a terminal");
    assert!(!plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn tells_more_when_asked() {
    let home = home();
    let run = |flag: &str| {
        let mut command = get_token(home.path());
        let output = command.args(["--region", "us-west-2", flag]).output().expect("it runs");
        success(&output);
        stderr(&output)
    };
    assert!(run("-v").contains("found credentials"));
    assert!(run("-vv").lines().count() >= run("-v").lines().count());
}
