using System.Threading.RateLimiting;
using JanusEvents;
using JanusEvents.Delivery;
using JanusEvents.FaultHost;
using JanusEvents.FaultHost.Faults;

IConfiguration configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
FaultHostOptions options = configuration.Get<FaultHostOptions>() ?? new FaultHostOptions();

// The two ways to make a host register the web server last and first.
if (options.WebServerFirst)
{
    await Host.CreateDefaultBuilder(args)
        .ConfigureWebHostDefaults(web => web.Configure(app =>
        {
            Front(app);
            app.UseRouting();
            app.UseEndpoints(endpoints => endpoints.MapJanusEvents("/"));
        }))
        .ConfigureServices(Add)
        .Build().RunAsync();
}
else
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    Add(builder.Services);
    WebApplication app = builder.Build();
    Front(app);
    app.MapJanusEvents("/");
    app.MapStored();
    await app.RunAsync();
}

void Add(IServiceCollection services)
{
    services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
    services.AddRouting();
    services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ =>
            RateLimitPartition.GetFixedWindowLimiter("all", _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = 1,
                Window = TimeSpan.FromHours(1),
            }));
    });
    services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(2) });
    services.AddHttpsRedirection(redirection => redirection.HttpsPort = 443);

    JanusEventsBuilder events = services.AddJanusEvents();
    if (options.Sqlite.Length > 0)
        events.AddSqlite(options.Sqlite);
    else
        events.AddMySql(options.MySql);
    if (options.Spool.Length > 0)
    {
        events.UseSpool(options.Spool, spool =>
        {
            spool.ReservedDiskBytes = options.SpoolReserve ?? spool.ReservedDiskBytes;
            spool.MaxBytes = options.SpoolMaxBytes ?? spool.MaxBytes;
        });
    }

    services.DecorateSinks(options);
    services.AddSingleton<IBodyDelivery>(provider => new AnnouncedDelivery(provider.GetRequiredService<HostedDelivery>()));
}

void Front(IApplicationBuilder app)
{
    app.UseMiddleware<FaultyAnswers>(options);
    switch (options.Front)
    {
        case "RateLimiter":
            app.UseRateLimiter();
            break;
        case "RequestTimeout":
            app.UseRequestTimeouts();
            break;
        case "HttpsRedirection":
            app.UseHttpsRedirection();
            break;
    }
}
