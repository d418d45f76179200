using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanusEvents.AspNetCore.Status;
using JanusEvents.Dashboard.Access;
using JanusEvents.Dashboard.Assets;
using JanusEvents.Dashboard.Calls;
using JanusEvents.Dashboard.Queries;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Dashboard.Streams;
using JanusEvents.Dashboard.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Dashboard;

/// <summary>Answers the requests of the page: the document, its files, its data, its streams. All are GET, and nothing changes anything.</summary>
internal sealed class DashboardEndpoint
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static readonly TimeSpan s_storeLimit = TimeSpan.FromSeconds(20);

    private readonly LiveViews _views;
    private readonly CallReader _calls;
    private readonly LiveStreams _streams;
    private readonly LogStream _log;
    private readonly PolledLog _polledLog;
    private readonly StoreQueries _store;
    private readonly Search _search;
    private readonly StreamSlots _slots;
    private readonly string _document;
    private readonly CancellationToken _stopping;
    private readonly ILogger<DashboardEndpoint> _logger;

    public DashboardEndpoint(IServiceProvider services, JanusDashboardOptions options, ReceiverPaths receivers)
    {
        RowTexts texts = new(options);
        _views = ActivatorUtilities.CreateInstance<LiveViews>(services, texts, receivers);
        _calls = ActivatorUtilities.CreateInstance<CallReader>(services, texts);
        _streams = ActivatorUtilities.CreateInstance<LiveStreams>(services, _views, _calls);
        _log = ActivatorUtilities.CreateInstance<LogStream>(services, texts);
        _store = ActivatorUtilities.CreateInstance<StoreQueries>(services, texts);
        _search = ActivatorUtilities.CreateInstance<Search>(services, texts);
        _slots = new StreamSlots(options.MaxStreams);
        _document = PageAssets.All.DocumentFor(options);
        _stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        _polledLog = new PolledLog(services.GetRequiredService<IJanusEventFeed>(), _log, services.GetRequiredService<TimeProvider>(), _stopping);
        _logger = services.GetRequiredService<ILogger<DashboardEndpoint>>();
    }

    /// <summary>The document; or the address with a slash behind it, from which all others are reached.</summary>
    public async Task DocumentAsync(HttpContext context)
    {
        if (await DashboardAccess.RefuseAsync(context).ConfigureAwait(false))
            return;
        HttpResponse response = context.Response;
        string path = context.Request.PathBase + context.Request.Path;
        response.Headers.CacheControl = "no-store";
        if (!path.EndsWith('/'))
        {
            // Relative, since a proxy in front may know this page by another address.
            response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            response.Headers.Location = $"{path[(path.LastIndexOf('/') + 1)..]}/{context.Request.QueryString}";
            return;
        }

        Protect(response);
        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync(_document, context.RequestAborted).ConfigureAwait(false);
    }

    public static async Task AssetAsync(HttpContext context)
    {
        if (await DashboardAccess.RefuseAsync(context).ConfigureAwait(false))
            return;
        HttpResponse response = context.Response;
        string? hash = context.Request.RouteValues["hash"]?.ToString();
        if (PageAssets.All.Find(context.Request.RouteValues["file"]?.ToString() ?? "") is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Protect(response);

        // A page that was opened before an update still loads, but keeps nothing of it.
        response.Headers.CacheControl = hash == PageAssets.All.Hash ? "public, max-age=31536000, immutable" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        response.ContentType = asset.ContentType;
        bool isCompressed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        byte[] content = isCompressed ? asset.Compressed : asset.Content;
        if (isCompressed)
            response.Headers.ContentEncoding = "gzip";
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }

    public async Task DataAsync(HttpContext context)
    {
        if (await DashboardAccess.RefuseAsync(context).ConfigureAwait(false))
            return;
        Protect(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        string name = context.Request.RouteValues["name"]?.ToString() ?? "";
        if (name is not ("records.csv" or "records.json" or "events.ndjson"))
            limit.CancelAfter(s_storeLimit);
        try
        {
            await DataAsync(context, name, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await AnswerAsync(context, new JsonObject { ["error"] = "The store did not answer in time. Ask for less: a shorter time, one room." }, StatusCodes.Status503ServiceUnavailable, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
#pragma warning disable CA1031 // Whatever a store throws, the page says that it cannot be read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            DashboardLog.CannotRead(_logger, name, e);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await AnswerAsync(context, new JsonObject { ["error"] = "The store cannot be read at present. The log of this host has the reason." }, StatusCodes.Status503ServiceUnavailable, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>The streams: a view, a call, the log.</summary>
    public async Task LiveAsync(HttpContext context)
    {
        if (await DashboardAccess.RefuseAsync(context).ConfigureAwait(false))
            return;
        Protect(context.Response);
        if (!_slots.TryTake())
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("There are too many streams; the page polls instead.\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        try
        {
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
            if (StreamOf(context, end.Token) is not { } items)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await TypedResults.ServerSentEvents(items).ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader is gone, or the host stops.
        }
        finally
        {
            _slots.Free();
        }
    }

    private IAsyncEnumerable<SseItem<string>>? StreamOf(HttpContext context, CancellationToken cancellationToken)
    {
        IQueryCollection query = context.Request.Query;
        ViewKey key = ViewKey.Of(query);
        return key.View switch
        {
            "log" => _log.ReadAsync(TypesOf(query), key.Text, cancellationToken),
            "call" => KeyOf(query) is { } call ? _streams.WatchCallAsync(call, cancellationToken) : null,
            _ when LiveViews.Has(key.View) => _streams.WatchAsync(ForHost(key, context), cancellationToken),
            _ => null,
        };
    }

    private async Task DataAsync(HttpContext context, string name, CancellationToken cancellationToken)
    {
        IQueryCollection query = context.Request.Query;
        switch (name)
        {
            case "records.csv" or "records.json":
                await _store.DownloadAsync(RecordRequest.Of(query), name.EndsWith("csv", StringComparison.Ordinal), context.Response, cancellationToken).ConfigureAwait(false);
                return;
            case "events.ndjson" when KeyOf(query) is { } handle:
                await _store.DownloadEventsAsync(handle, context.Response, cancellationToken).ConfigureAwait(false);
                return;
        }

        string? json = name switch
        {
            "view" when ViewKey.Of(query) is { View: not "call" } key =>
                LiveViews.Has(key.View) ? _views.FrameOf(ForHost(key, context), _views.Read(key.View)).For(null) : null,
            "view" or "call" => KeyOf(query) is { } call && await _calls.ReadAsync(call, cancellationToken).ConfigureAwait(false) is { } known ? _calls.TextOf(known) : null,
            _ => (await AnswerOfAsync(name, query, cancellationToken).ConfigureAwait(false))?.ToJsonString(),
        };
        await (json is null ? NotFoundAsync(context, cancellationToken) : AnswerAsync(context, json, StatusCodes.Status200OK, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<JsonObject?> AnswerOfAsync(string name, IQueryCollection query, CancellationToken cancellationToken) => name switch
    {
        "log" => _polledLog.Read(
            long.TryParse(query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out long after) ? after : 0, TypesOf(query), ViewKey.Of(query).Text),
        "texts" => Texts(),
        "records" => await _store.RecordsAsync(RecordRequest.Of(query), cancellationToken).ConfigureAwait(false),
        "stays" => await _store.StaysAsync(query, cancellationToken).ConfigureAwait(false),
        "server" => await _store.ServerAsync(query, cancellationToken).ConfigureAwait(false),
        "recent-troubles" => await _store.TroublesAsync(query, cancellationToken).ConfigureAwait(false),
        "search" => await _search.FindAsync(query["q"].ToString(), cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    private static JsonObject Texts()
    {
        JsonObject texts = [];
        foreach (string code in TroubleTexts.Codes.Order(StringComparer.Ordinal))
        {
            TroubleText text = TroubleTexts.Of(code);
            texts[code] = new JsonObject
            {
                ["title"] = text.Title,
                ["meaning"] = text.Meaning,
                ["causes"] = new JsonArray([.. text.Causes.Select(cause => (JsonNode)JsonValue.Create(cause))]),
                ["advice"] = new JsonArray([.. text.Advice.Select(advice => (JsonNode)JsonValue.Create(advice))]),
            };
        }

        return texts;
    }

    // The lines for Janus have the address by which the reader knows this host.
    private static ViewKey ForHost(ViewKey key, HttpContext context) =>
        key.View == "feed" ? key with { Text = OwnAddress.Of(context).GetLeftPart(UriPartial.Authority) + context.Request.PathBase + "/" } : key;

    private static CallKey? KeyOf(IQueryCollection query) =>
        long.TryParse(query["session"], NumberStyles.None, CultureInfo.InvariantCulture, out long session)
        && long.TryParse(query["handle"], NumberStyles.None, CultureInfo.InvariantCulture, out long handle)
            ? new CallKey(
                ViewKey.Value(query, "emitter"),
                session,
                handle,
                int.TryParse(query["number"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            : null;

    private static int TypesOf(IQueryCollection query)
    {
        int types = 0;
        foreach (string type in query["types"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out int bit))
                types |= bit;
        }

        // Statistics and transports are many, and only shown to those who ask for them.
        return types == 0 ? ~((int)JanusEventType.Media | (int)JanusEventType.Transport) : types;
    }

    private static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    private static Task NotFoundAsync(HttpContext context, CancellationToken cancellationToken) =>
        AnswerAsync(context, new JsonObject { ["error"] = "Nothing is known of that." }, StatusCodes.Status404NotFound, cancellationToken);

    private static Task AnswerAsync(HttpContext context, JsonObject answer, int status, CancellationToken cancellationToken) =>
        AnswerAsync(context, answer.ToJsonString(), status, cancellationToken);

    private static Task AnswerAsync(HttpContext context, string json, int status, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json, cancellationToken);
    }
}
