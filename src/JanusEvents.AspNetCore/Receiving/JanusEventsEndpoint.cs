using JanusEvents.AspNetCore.Content;
using JanusEvents.AspNetCore.Requests;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace JanusEvents.AspNetCore.Receiving;

/// <summary>
/// Receives what Janus posts. Janus takes every answer for a success and retransmits only what got none, so an answer
/// is given when the events are stored, or when their content can never be; in every other case the connection is
/// aborted.
/// </summary>
internal sealed class JanusEventsEndpoint
{
    private readonly CurrentSettings _settings;
    private readonly ByteBudget _budget;
    private readonly JanusEventParser _parser;
    private readonly IBodyDelivery _delivery;
    private readonly Intake _intake;
    private readonly DeliveryMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopped;
    private readonly ContainedLogger<JanusEventsEndpoint> _logger;
    private readonly MinuteCount _failed;
    private readonly MinuteCount _notRead;
    private readonly MinuteCount _notStored;

    public JanusEventsEndpoint(
        CurrentSettings settings,
        ByteBudget budget,
        JanusEventParser parser,
        IBodyDelivery delivery,
        Intake intake,
        DeliveryMetrics metrics,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ContainedLogger<JanusEventsEndpoint> logger)
    {
        _settings = settings;
        _budget = budget;
        _parser = parser;
        _delivery = delivery;
        _intake = intake;
        _metrics = metrics;
        _time = time;
        _stopped = lifetime.ApplicationStopped;
        _logger = logger;
        (_failed, _notRead, _notStored) = (new MinuteCount(time), new MinuteCount(time), new MinuteCount(time));
        if (settings.Follow(logger) is { } following)
            _stopped.Register(following.Dispose);
    }

    public bool HasCredentials => _settings.Current.Credentials.Count > 0;

    public Task HandleAsync(HttpContext context) => ContainAsync(context, AnswerAsync);

    /// <summary>Sees to it that what a filter of the host's throws is not answered either. A filter that answers itself is the host's will.</summary>
    public void ContainFilters(EndpointBuilder builder)
    {
        if (builder.FilterFactories.Count > 0 && builder.RequestDelegate is { } filtered)
            builder.RequestDelegate = context => ContainAsync(context, filtered);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (!await TryAnswerAsync(context, RemoteAddress.Of(context)).ConfigureAwait(false))
            BreakOff(context);
    }

    private async Task ContainAsync(HttpContext context, RequestDelegate answer)
    {
        string? remoteAddress = RemoteAddress.Of(context);
        try
        {
            await answer(context).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // An exception in the pipeline would be answered 500, and the events would be gone.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (context.RequestAborted.IsCancellationRequested || e is ConnectionResetException)
            {
                _metrics.Aborted("client_gone");
                ReceivingLog.ClientGone(_logger, remoteAddress);
            }
            else if (e is IOException or InvalidDataException)
            {
                _metrics.Aborted("unreadable");
                ReceivingLog.Unreadable(_logger, remoteAddress, e.Message);
            }
            else
            {
                _metrics.Aborted("failed");
                if (_failed.Add(1, out long count))
                {
                    ReceivingLog.Failed(_logger, count, remoteAddress, Outage.CauseOf(e));
                    ReceivingLog.FailedWith(_logger, e);
                }
            }

            BreakOff(context);
        }
    }

    private void BreakOff(HttpContext context)
    {
        _intake.NoteUnanswered();
        context.Abort();
    }

    /// <summary>Answers a request.</summary>
    /// <returns>False when it must not be answered.</returns>
    private async ValueTask<bool> TryAnswerAsync(HttpContext context, string? remoteAddress)
    {
        long started = _time.GetTimestamp();
        EndpointSettings settings = _settings.Current;
        ServerLimits.Lift(context.Features);
        if (!settings.Credentials.Accepts(context.Request.Headers.Authorization))
        {
            _intake.NoteRefusedCredentials();
            context.Response.Headers.WWWAuthenticate = CredentialCheck.Challenge;
            return await RefuseAsync(context, Refusal.Credentials, remoteAddress).ConfigureAwait(false);
        }

        if (!IsKnown(context.Request.Headers.ContentEncoding))
            return await RefuseAsync(context, Refusal.ContentEncoding, remoteAddress).ConfigureAwait(false);

        // The request's own cancellation has no say: a body that came whole is stored, even if its sender is gone.
        using CancellationTokenSource answerTime = new(settings.AnswerTimeout, _time);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(answerTime.Token, _stopped);
        using ByteReservation memory = _budget.Open();

        ReceivedBody? body;
        Refusal? refusal;
        try
        {
            (body, refusal) = await ReceiveAsync(context.Request, settings.MaxBodyBytes, memory, remoteAddress, giveUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            _metrics.Aborted("not_read");
            if (_notRead.Add(1, out long count))
                ReceivingLog.NotRead(_logger, count, remoteAddress, _time.GetElapsedTime(started));
            return false;
        }

        if (body is null)
            return await RefuseAsync(context, refusal!, remoteAddress).ConfigureAwait(false);

        memory.Settle();
        if (await _delivery.DeliverAsync(body, giveUp.Token).ConfigureAwait(false) == DeliveryResult.NotStored)
        {
            _metrics.Aborted("not_stored");
            if (_notStored.Add(1, out long count))
                ReceivingLog.NotStored(_logger, count, body.Json.Length, remoteAddress, _time.GetElapsedTime(started));
            return false;
        }

        ReceivingLog.RejectedElements(_logger, body);
        if (body.IsUsable)
        {
            context.Response.ContentLength = 0;
            return true;
        }

        _intake.NoteRefusedBody();
        await ProblemAnswer.WriteAsync(context.Response, Refusal.Unusable(body.Rejected), body.Rejected).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<(ReceivedBody? Body, Refusal? Refusal)> ReceiveAsync(
        HttpRequest request,
        int limit,
        ByteReservation memory,
        string? remoteAddress,
        CancellationToken cancellationToken)
    {
        if (await BodyReader.ReadAsync(request, limit, memory, cancellationToken).ConfigureAwait(false) is not { } sent)
            return (null, Refusal.TooLarge(limit));

        bool isShort = sent.Length < request.ContentLength;
        if (!GzipBody.IsGzip(sent.Span))
        {
            // Shorter than it was announced, it is what a middleware unpacked, or a part of what was sent.
            if (isShort && !WholeJson.Is(sent.Span))
                throw CutShort();
            return (Received(sent, _parser.Parse(sent)), null);
        }

        try
        {
            if (await GzipBody.InflateAsync(sent, limit, memory, cancellationToken).ConfigureAwait(false) is not { } json)
                return (null, Refusal.TooLargeInflated(limit));

            memory.Release(sent.Length);
            return (Received(json, _parser.Parse(json)), null);
        }
        catch (InvalidDataException)
        {
            if (isShort)
                throw CutShort();
            return (Received(sent, new ParsedBody([], [new RejectedElement(0, "The gzip stream is broken or cut.", sent)])), null);
        }

        ReceivedBody Received(ReadOnlyMemory<byte> bytes, ParsedBody parsed) =>
            new(bytes, parsed, _time.GetUtcNow(), remoteAddress);

        EndOfStreamException CutShort() => new(
            $"only {sent.Length} of {request.ContentLength} bytes came, which are a part of a body; if no connection was cut, a middleware has read the rest");
    }

    private async ValueTask<bool> RefuseAsync(HttpContext context, Refusal refusal, string? remoteAddress)
    {
        if (refusal != Refusal.Credentials)
            _intake.NoteRefusedBody();
        _metrics.Refused(refusal.Status);
        ReceivingLog.Refused(_logger, remoteAddress, refusal.Status, refusal.Detail);
        await ProblemAnswer.WriteAsync(context.Response, refusal).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether the encoding may be one that the body itself shows: gzip, or none.</summary>
    private static bool IsKnown(StringValues contentEncoding) =>
        contentEncoding.Count == 0
        || (contentEncoding is [{ } one]
            && (one.Length == 0
                || one.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                || one.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)
                || one.Equals("identity", StringComparison.OrdinalIgnoreCase)));
}
