using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace JanusEvents.SampleHost.Commands;

/// <summary>The services of the host, with the same settings, but without a spool, and with nothing of them running.</summary>
internal sealed class CommandServices : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CommandServices(Store store, WebApplication app)
    {
        Store = store;
        _app = app;
    }

    public Store Store { get; }

    /// <summary>Makes the services.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="makesStore">Whether a SQLite file that is not there is made.</param>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static CommandServices Build(IReadOnlyList<string> settings, bool makesStore)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. settings],
            ContentRootPath = AppContext.BaseDirectory,
        });

        // Standard output is for what the command prints.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        Store store = Store.Of(builder.Configuration);
        if (!makesStore && store.File is { } file && !File.Exists(file))
            throw new CommandException($"There is no {file}; ConnectionStrings:JanusEvents says where the store is.");

        // The hashes must be kept for the host as long as the host keeps them.
        TimeSpan? spoolWindow = store.SpoolPath is null
            ? null
            : builder.Configuration.GetValue<TimeSpan?>("JanusEvents:Spool:HashWindow") ?? new SpoolOptions().HashWindow;
        builder.Services.AddJanusEvents().AddStore(store, options => options.HashWindow ??= spoolWindow);
        WebApplication app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        return new CommandServices(store, app);
    }

    public T Get<T>()
        where T : notnull =>
        _app.Services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
