using JanusEvents.Tool.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace JanusEvents.Tool.Stores;

/// <summary>The services of a host with the same settings, but without a spool, and none of them running.</summary>
internal sealed class CommandServices : IAsyncDisposable
{
    // Reading the settings anew when files change would watch every folder below the working directory.
    private const string WithoutReload = "--hostBuilder:reloadConfigOnChange=false";

    // Whatever a host sets goes before.
    private static readonly Dictionary<string, string?> s_defaults = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss ",
    };

    private readonly WebApplication _app;

    private CommandServices(StoreSettings store, WebApplication app)
    {
        Store = store;
        _app = app;
    }

    public StoreSettings Store { get; }

    /// <summary>The settings of a host in the working directory, with those of the command line.</summary>
    public static IConfiguration Configuration(IReadOnlyList<string> settings) => Builder(settings).Configuration;

    /// <summary>Creates the services.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="createsStore">Whether a missing SQLite file is created.</param>
    /// <exception cref="CommandException">The file is missing, or the settings name no store.</exception>
    public static CommandServices Build(IReadOnlyList<string> settings, bool createsStore)
    {
        WebApplicationBuilder builder = Builder(settings);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_defaults });

        // Standard output is for what the command prints.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        StoreSettings store = StoreSettings.Of(builder.Configuration);
        if (!createsStore && store.File is { } file && !File.Exists(file))
            throw new CommandException($"There is no {file}; --connection or ConnectionStrings:JanusEvents names the store.");

        // The hashes must be kept for as long as hosts keep them.
        TimeSpan? spoolWindow = store.HasSpool
            ? builder.Configuration.GetValue<TimeSpan?>("JanusEvents:Spool:HashWindow") ?? new SpoolOptions().HashWindow
            : null;
        JanusEventsBuilder events = builder.Services.AddJanusEvents().AddMonitoring();
        _ = store.Kind == StoreKind.MySql
            ? events.AddMySql(store.ConnectionString, options => options.HashWindow ??= spoolWindow)
            : events.AddSqlite(store.ConnectionString, options => options.HashWindow ??= spoolWindow);
        WebApplication app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        return new CommandServices(store, app);
    }

    public T Get<T>()
        where T : notnull =>
        _app.Services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // By its defaults: appsettings files in the working directory, the environment, the command line.
    private static WebApplicationBuilder Builder(IReadOnlyList<string> settings) => WebApplication.CreateBuilder([WithoutReload, .. settings]);
}
