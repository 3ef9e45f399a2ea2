# Two commands do everything that they need themselves, set-up included:
#   make demo   runs the main job on the embedded catalog
#   make test   passes the tests
.PHONY: demo test setup fmt lint doc deny bench bench-day bench-simulator check

PHRASE ?= handle 10k users, 99.9% uptime, 400ms latency

demo: setup
	cargo run --locked --quiet --release -- plan "$(PHRASE)"

test: setup
	cargo test --locked --workspace --quiet

# CMake, libclang and HiGHS, once, into target/.
setup:
	@.ci/setup

fmt:
	cargo fmt --all

lint: setup
	cargo fmt --all -- --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

doc: setup
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

bench: setup
	cargo bench --locked --workspace

# The judging of days beside all of their requests, for the book; it takes some minutes.
bench-day: setup
	cargo bench --locked --bench day

# The simulator beside hand-written loops and other simulators, with ratios.
bench-simulator: setup
	benches/peers/run

check:
	.ci/run
