using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>A host with the same endpoint and a sink that stores nothing: what receiving alone takes.</summary>
internal static class NothingHost
{
    public const string Verb = "nothing-host";

    /// <summary>Starts one as a process.</summary>
    public static Task<SampleHostProcess> StartAsync(string workingDirectory) =>
        SampleHostProcess.StartAsync(new SampleHostOptions
        {
            WorkingDirectory = workingDirectory,
            Program = typeof(NothingHost).Assembly.Location,
            Arguments = [Verb],
        });

    /// <summary>Is one.</summary>
    public static async Task RunAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.Services.AddJanusEvents().AddSink<NothingSink>();
        WebApplication app = builder.Build();
        app.MapJanusEvents("/");
        await app.RunAsync();
    }

    private sealed class NothingSink : IEventSink
    {
        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
