//! The first two bytes are the status, the rest is the body.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((status, body)) = data.split_first_chunk::<2>() {
        duvo::fuzzing::interpret_response(u16::from_be_bytes(*status), body);
    }
});
