using JanusEvents;
using JanusEvents.EmbeddedHost;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

// An application with an API and an authentication of its own, which also receives the events of Janus servers.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
if (string.IsNullOrEmpty(builder.Configuration["Api:Key"]) || string.IsNullOrEmpty(builder.Configuration["Janus:Password"]))
{
    await Console.Error.WriteLineAsync(
        "Choose two secrets: --Api:Key=… for the callers of the API (header X-Api-Key), and --Janus:Password=… for Janus "
        + "(backend_user = \"janus\", backend_pwd = \"…\").");
    return 1;
}

// Events are stored; beside that, a handler keeps in memory what the API answers with.
builder.Services.AddSingleton<CallBoard>();
builder.Services.AddJanusEvents()
    .AddSqlite(builder.Configuration.GetConnectionString("JanusEvents")!)
    .AddMonitoring()
    .OnEvent<JanusEvent, CallBoard>((e, board, _) => board.NoteAsync(e));

// Whatever is mapped wants an API key, unless it says something else…
builder.Services.AddAuthentication(ApiKeyAuthentication.Name)
    .AddScheme<ApiKeyOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, options => options.Key = builder.Configuration["Api:Key"]!)
    .AddScheme<JanusServerOptions, JanusServerAuthentication>(JanusServerAuthentication.Name, options =>
    {
        options.UserName = builder.Configuration["Janus:UserName"] ?? "janus";
        options.Password = builder.Configuration["Janus:Password"]!;
    })
    .AddCookie(options => options.LoginPath = SignIn.Path);
builder.Services.AddAuthorizationBuilder()
    .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
    .AddPolicy(JanusServerAuthentication.Name, policy => policy
        .AddAuthenticationSchemes(JanusServerAuthentication.Name)
        .RequireAuthenticatedUser())
    .AddPolicy(SignIn.Policy, policy => policy
        .AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme)
        .RequireAuthenticatedUser());

// Metrics, spans and logs go to OpenTelemetry's collector, where OTEL_EXPORTER_OTLP_ENDPOINT says where that is.
if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
{
    builder.Services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddMeter("JanusEvents"))
        .WithTracing(tracing => tracing.AddSource("JanusEvents").AddSource("Microsoft.AspNetCore"))
        .WithLogging()
        .UseOtlpExporter();
}

WebApplication app = builder.Build();

// …and Janus's endpoint must: Janus has no API key, and would take the 401 for a success and drop its events.
app.MapJanusEvents("/janus/events").RequireAuthorization(JanusServerAuthentication.Name);

// The live page, for people: a browser sends no header of its own. It leads to a form, which takes the key and gives a cookie.
app.MapJanusDashboard("/janus").RequireAuthorization(SignIn.Policy);
app.MapSignIn();

RouteGroupBuilder api = app.MapGroup("/api");
api.MapGet("/calls", (CallBoard board) => board.Calls);
api.MapGet("/live", (IJanusEventFeed feed, HttpContext context) =>
    TypedResults.ServerSentEvents(LiveEvents.ReadAsync(feed, context.RequestAborted)));

// The page holds no data; it asks for the key and sends it with its request for /api/live.
app.MapGet("/", () => TypedResults.Stream(typeof(CallBoard).Assembly.GetManifestResourceStream("live.html")!, "text/html; charset=utf-8"))
    .AllowAnonymous();

await app.RunAsync();
return 0;
