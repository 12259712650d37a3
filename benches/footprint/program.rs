//! What the programs have in common: the arguments, which are the base URL and
//! how many calls to make, and the output, which is the peak of their memory.

use std::{env, fs};

use super::Result;

pub(crate) fn run<C>(
    client: impl FnOnce(String) -> Result<C>,
    call: &impl AsyncFn(&C) -> Result,
) -> Result {
    let mut arguments = env::args().skip(1);
    let base_url = arguments.next().ok_or("no base URL")?;
    let calls: usize = arguments.next().ok_or("no number of calls")?.parse()?;
    let client = client(base_url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        for _ in 0..calls {
            call(&client).await?;
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    })?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or_default().trim());
    Ok(())
}
