using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using JanusEvents.Benchmarks.Ingest;
using JanusEvents.Benchmarks.Ingest.Limits;
using JanusEvents.Benchmarks.Monitoring;
using JanusEvents.Benchmarks.Questions;
using JanusEvents.Testing;

if (args.Contains(NothingHost.Verb))
{
    await NothingHost.RunAsync(args);
    return 0;
}

if (args is [IngestCommand.Verb, ..])
    return await IngestCommand.RunAsync(args[1..]);

if (args is [QuestionsCommand.Verb, ..])
    return await QuestionsCommand.RunAsync(args[1..]);

if (args is [StateBenchmark.Verb])
{
    StateBenchmark.Run();
    return 0;
}

if (args is [DashboardBenchmark.Verb, ..])
{
    await DashboardBenchmark.RunAsync(args is [_, { } rows, ..] ? long.Parse(rows, CultureInfo.InvariantCulture) : 10_000_000);
    return 0;
}

if (args is [SoakBenchmark.Verb, ..])
    return SoakBenchmark.Run(args[1..]);

// In-process: BenchmarkDotNet's own toolchain writes and restores a project, which the central package versions upset.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath(Repository.PathOf("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
