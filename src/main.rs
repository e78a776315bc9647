//! The one program: `cloudmart COMMAND`. See `cloudmart help`.

fn main() -> std::process::ExitCode {
    cloudmart::cli::main()
}
