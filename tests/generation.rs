//! How the source of the client grows with the document.

#[allow(dead_code)]
#[path = "../build/mod.rs"]
mod build;
#[path = "support/grown.rs"]
mod grown;

fn lines(operations: usize) -> usize {
    let source = build::generate(&grown::grown(operations)).unwrap().client;
    for n in 0..operations {
        assert!(source.contains(&format!("pub async fn get_extra{n}<")));
    }
    source.lines().count()
}

#[test]
fn each_operation_adds_the_same_to_the_source() {
    // Fifty more, and then forty more.
    let (ten, sixty, hundred) = (lines(10), lines(60), lines(100));
    assert_eq!((sixty - ten) * 4, (hundred - sixty) * 5);
}
