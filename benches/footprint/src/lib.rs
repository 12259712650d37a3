//! The common part of the programs.

use std::{env, fs};

use benches_clients::Result;
use futures_util::FutureExt as _;
use futures_util::future::try_join_all;
use tokio::runtime::Builder;

/// Makes the calls that the arguments ask for, and prints the peak memory in KiB.
///
/// The arguments are the base URL, the number of concurrent tasks, and the number of
/// calls of each task.
///
/// # Errors
///
/// Returns an error if an argument is invalid, or if a call fails.
pub fn run<C, T>(
    client: impl FnOnce(String) -> Result<C>,
    call: &impl AsyncFn(&C) -> Result<T>,
) -> Result {
    let mut arguments = env::args().skip(1);
    let base_url = arguments.next().ok_or("the base URL is missing")?;
    let mut number = || -> Result<usize> {
        let argument = arguments.next().ok_or("a number is missing")?;
        Ok(argument.parse()?)
    };
    let (at_once, each) = (number()?, number()?);
    let client = client(base_url)?;
    let task = async || {
        for _ in 0..each {
            call(&client).await?;
        }
        Result::Ok(())
    };
    // Boxed, so that both programs wait for them with the same code.
    let tasks = (0..at_once).map(|_| task().boxed_local());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(try_join_all(tasks))?;
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.ok_or("the peak memory is unknown")?;
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}
