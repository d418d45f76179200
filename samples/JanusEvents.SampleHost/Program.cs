// A complete host: it receives the events of Janus and stores them. Read it from top to bottom.
using System.Net.Sockets;
using JanusEvents;
using JanusEvents.SampleHost;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using MySqlConnector;

try
{
    // 1. A web application. Its settings come from appsettings.json beside the program, from environment variables
    //    (JanusEvents__Store), and from the command line (--JanusEvents:Store=MySql), in whatever folder it is started.
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    ConfigurationManager settings = builder.Configuration;
    string[] addressKeys = ["urls", "http_ports", "https_ports"];
    if (addressKeys.All(key => string.IsNullOrEmpty(settings[key])) && !settings.GetSection("Kestrel:Endpoints").Exists())
        builder.WebHost.UseUrls("http://127.0.0.1:8080");

    // 2. Where events are stored: a SQLite file or a MySQL or MariaDB database, which creates its tables by itself. All other
    //    options, such as credentials, retention and redaction, are read from the section JanusEvents of the settings.
    JanusEventsBuilder events = builder.Services.AddJanusEvents();
    string? connectionString = settings.GetConnectionString("JanusEvents");
    string? spool = settings["JanusEvents:Spool"] ?? settings["JanusEvents:Spool:Path"];
    string store = settings["JanusEvents:Store"] is { Length: > 0 } kind ? kind : "Sqlite";
    string storeName;
    if (store.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
    {
        connectionString = string.IsNullOrWhiteSpace(connectionString) ? "Data Source=janusevents.db" : connectionString;
        events.AddSqlite(connectionString);
        storeName = $"{Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource)} (SQLite)";
    }
    else if (store.Equals("MySql", StringComparison.OrdinalIgnoreCase))
    {
        connectionString ??= "";
        events.AddMySql(connectionString);
        MySqlConnectionStringBuilder server = new(connectionString);
        storeName = $"{server.Server}:{server.Port}, database {server.Database} (MySQL or MariaDB)";

        // A server may be away for longer than Janus waits; a file on the same disk is not. A writer's bodies stay in RabbitMQ.
        if (string.IsNullOrWhiteSpace(spool) && !settings.GetSection("JanusEvents:RabbitMq:Writer").Exists())
            spool = "janusevents-spool.db";
    }
    else if (store.Equals("None", StringComparison.OrdinalIgnoreCase) && settings.GetSection("JanusEvents:RabbitMq:Buffer").Exists())
    {
        // A receiving host: its bodies go to a RabbitMQ cluster, and writers with stores read them there.
        events.AddRabbitMqBuffer();
        storeName = "the RabbitMQ buffer";
    }
    else
    {
        throw new ArgumentException($"JanusEvents:Store is \"{store}\"; it must be Sqlite, MySql, or None with the section JanusEvents:RabbitMq:Buffer.");
    }

    // 3. Besides Janus's POSTs: what it publishes to RabbitMQ or MQTT, and the bodies that receiving hosts publish to RabbitMQ.
    if (settings.GetSection("JanusEvents:RabbitMq:Receiver").Exists())
        events.AddRabbitMqReceiver();
    if (settings.GetSection("JanusEvents:RabbitMq:Writer").Exists())
        events.AddRabbitMqWriter();
    if (settings.GetSection("JanusEvents:Mqtt").Exists())
        events.AddMqttReceiver();

    // 4. A durable local queue, so that no sender waits for the database.
    bool hasSpool = !string.IsNullOrWhiteSpace(spool) && !spool.Equals("off", StringComparison.OrdinalIgnoreCase);
    if (hasSpool)
        events.UseSpool(spool!);

    // 5. The state of the Janus servers as metrics, and a sink of your own: this one prints, and may miss events.
    events.AddMonitoring().AddSink<ConsoleSink>(options => options.Required = false);
    builder.Services.AddHealthChecks().AddJanusEvents();

    // 6. The endpoints, and the live page: without authorization it is shown on this machine only. The configuration that Janus's
    //    authors published posts to the root.
    WebApplication app = builder.Build();
    app.MapJanusEvents("/janus/events");
    app.MapJanusEvents("/");
    app.MapJanusEventsWebSocket("/janus/events/ws");
    app.MapJanusDashboard("/janus");
    app.MapHealthChecks("/health");

    // 7. Once it listens, it prints the lines for the configuration of Janus.
    app.Lifetime.ApplicationStarted.Register(() =>
    {
        Console.WriteLine($"Storing into {storeName}");
        if (hasSpool)
            Console.WriteLine($"Spooling in {Path.GetFullPath(spool!)} until the database has the events");
        Console.Write(Instructions.For(app.Urls, settings["JanusEvents:UserName"]));
    });
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is IOException or SocketException or FormatException or ArgumentException or InvalidDataException
    or InvalidOperationException or OptionsValidationException or AggregateException { InnerException: OptionsValidationException })
{
    // A wrong setting or an address in use is one line, and no stack trace.
    await Console.Error.WriteLineAsync(e switch
    {
        IOException { InnerException: AddressInUseException } or SocketException or FormatException =>
            $"{e.Message} Choose another address with --urls http://127.0.0.1:8081",
        ArgumentException { ParamName: "connectionString" } => $"ConnectionStrings:JanusEvents: {e.Message}",
        InvalidDataException => $"{e.Message} {e.InnerException?.Message}",
        _ => e.Message,
    });
    return 1;
}
