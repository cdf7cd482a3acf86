//! `eks-token completions` and `eks-token man`: what a package puts beside the program.

use std::io;

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::arguments::Cli;
use crate::failure::Failure;
use crate::output::Output;

const NAME: &str = "eks-token";

/// A script for the shell to source.
pub(crate) fn completions(shell: Shell) -> Output {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    // clap_complete 4.6 writes the hyphen of a program's name in two ways for bash, which then finds
    // no command. Where it does not, this changes nothing.
    let script = String::from_utf8_lossy(&script).replace("eks__subcmd__token", "eks__token");
    Output::new(script)
}

/// The manual of the program, or of one of its commands, for man(1).
pub(crate) fn man(command: Option<&str>) -> Result<Output, Failure> {
    let mut program = Cli::command();
    program.build();
    let command = match command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            let unknown =
                || Failure::Usage(format!("there is no command of that name; {}", commands()));
            let title = format!("{NAME}-{name}");
            found.ok_or_else(unknown)?.display_name(title)
        }
    };
    let mut page = Vec::new();
    // Writing to memory cannot fail but for want of it.
    Man::new(command).render(&mut page).map_err(|error: io::Error| Failure::Runtime(error))?;
    Ok(Output::new(String::from_utf8_lossy(&page).into_owned()))
}

/// A sentence that names them all.
pub(crate) fn commands() -> String {
    let command = Cli::command();
    let names: Vec<_> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(clap::Command::get_name)
        .collect();
    format!("the commands are {}", names.join(", "))
}
