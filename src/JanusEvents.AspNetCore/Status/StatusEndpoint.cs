using System.Text;
using JanusEvents.AspNetCore.Requests;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.Observation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Status;

/// <summary>
/// Answers a GET at the address that Janus posts to: whether anything arrives at all, to those with the endpoint's
/// credentials. Without any, <see cref="StatusAccess"/> decides.
/// </summary>
internal sealed class StatusEndpoint(
    CurrentSettings settings,
    Intake intake,
    SinkRecords sinks,
    TimeProvider time,
    ContainedLogger<StatusEndpoint> logger,
    IEnumerable<IStatusSource> sources,
    IBacklog? backlog = null)
{
    /// <summary>Behind everything that the host maps for itself, so that a page of its own at the same address goes first.</summary>
    public const int Order = 1;

    public async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!settings.Current.Credentials.Accepts(context.Request.Headers.Authorization))
        {
            await RefuseAsync(context).ConfigureAwait(false);
            return;
        }

        if (settings.Current.Credentials.Count == 0 && !await StatusAccess.IsOpenAsync(context).ConfigureAwait(false))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            await WriteAsync(context, StatusAccess.Refused).ConfigureAwait(false);
            return;
        }

        StatusPage text = new(OwnAddress.Of(context), time.GetUtcNow());
        text.AddCounts(intake);
        text.AddEmitters(intake.ReadEmitters());
        text.AddSinks(sinks.Outcomes, backlog?.Read());
        text.Add(sources);
        text.AddLinesForJanus(CredentialCheck.UserName(context.Request.Headers.Authorization), sources);
        await WriteAsync(context, text.ToString()).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        HttpResponse response = context.Response;
        byte[] page = Encoding.UTF8.GetBytes(text);
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
    }

    private Task RefuseAsync(HttpContext context)
    {
        // A browser asks without credentials first; only those that are wrong mean something.
        if (context.Request.Headers.Authorization.Count > 0)
        {
            intake.NoteRefusedCredentials();
            ReceivingLog.StatusRefused(logger, RemoteAddress.Of(context));
        }

        context.Response.Headers.WWWAuthenticate = CredentialCheck.Challenge;
        return ProblemAnswer.WriteAsync(context.Response, Refusal.Credentials);
    }
}
