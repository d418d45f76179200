using JanusEvents;
using JanusEvents.SampleHost;
using JanusEvents.SampleHost.Commands;

try
{
    // export, import, schema and rebuild work on the store and serve nothing.
    CommandLine commandLine = new(args);
    if (commandLine.IsCommand)
        return await commandLine.RunAsync();

    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,

        // Where appsettings.json is, from whatever folder the program is started.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.ListenByDefaultOn("http://127.0.0.1:8080");

    // Where events go: a database and, as an example of a sink of your own, the console, which may miss some. All options
    // come from the section JanusEvents of the settings, by themselves.
    Store store = Store.Of(builder.Configuration);
    JanusEventsBuilder events = builder.Services.AddJanusEvents().AddMonitoring().AddStore(store);
    if (store.SpoolPath is { } spool)
        events.UseSpool(spool);
    events.AddSink<ConsoleSink>(o => o.Required = false);

    // Whether events can be stored, and come: /health.
    builder.Services.AddHealthChecks().AddJanusEvents();

    WebApplication app = builder.Build();

    // Where they come in. The configuration that Janus's authors published posts to the root.
    app.MapJanusEvents("/janus/events");
    app.MapJanusEvents("/");
    app.MapJanusEventsWebSocket("/janus/events/ws");
    app.MapHealthChecks("/health");

    app.SayHowToUseItOnceStarted(store);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
