//! The one program: `cloudmart COMMAND`. See `cloudmart help`.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cloudmart::cli::main()
}
