//! What the programs have in common: the arguments, which are the base URL, how many
//! calls to make at once, and how often; and the output, which is the peak of their
//! memory.

use std::{env, fs};

use futures_util::FutureExt as _;
use futures_util::future::try_join_all;

use super::Result;

pub(crate) fn run<C>(
    client: impl FnOnce(String) -> Result<C>,
    call: &impl AsyncFn(&C) -> Result,
) -> Result {
    let mut arguments = env::args().skip(1);
    let base_url = arguments.next().ok_or("no base URL")?;
    let mut number = || -> Result<usize> {
        let argument = arguments.next().ok_or("no number of calls")?;
        Ok(argument.parse()?)
    };
    let (at_once, each) = (number()?, number()?);
    let client = client(base_url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let one_by_one = || async {
        for _ in 0..each {
            call(&client).await?;
        }
        Result::Ok(())
    };
    // Boxed, so that to wait for them takes the same code in all programs.
    let all = (0..at_once).map(|_| one_by_one().boxed_local());
    runtime.block_on(try_join_all(all))?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or_default().trim());
    Ok(())
}
