using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>Posts notifications to an address.</summary>
internal class TroubleWebhook : IJanusTroubleHandler, IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pauseAfterTooMany = TimeSpan.FromSeconds(30);

    private readonly TroubleWebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly WebhookSignature _signature;
    private readonly HttpClient _client;

    public TroubleWebhook(TroubleWebhookOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _signature = new WebhookSignature(options);

        // Not IHttpClientFactory, whose log has whole addresses at Information: that of a chat's webhook is a secret.
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = s_connectionLifetime };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(JanusEventsMeter.Name, JanusEventsMeter.Version));
    }

    /// <summary>The registration of a webhook whose settings are in order.</summary>
    public static TroubleHandlerRegistration Register(TroubleWebhookOptions options, string name) => new(
        options.Name ?? name,
        options.MinSeverity,
        services =>
        {
            TimeProvider time = services.GetRequiredService<TimeProvider>();
            return options.Content is null && options.Format == TroubleWebhookFormat.Alertmanager
                ? new AlertmanagerWebhook(options, time)
                : new TroubleWebhook(options, time);
        });

    public async ValueTask HandleAsync(TroubleNotification notification, CancellationToken cancellationToken)
    {
        using HttpContent? content = ContentOf(notification);
        if (content is not null)
            await PostAsync(notification.Id, content, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The host's clock.</summary>
    protected DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>The body of a notification; null when it is not sent.</summary>
    protected virtual HttpContent? ContentOf(TroubleNotification notification) => _options switch
    {
        { Content: { } make } => make(notification),
        { Format: TroubleWebhookFormat.CloudEvents } => WebhookJson.CloudEvent(notification),
        { Format: TroubleWebhookFormat.Slack } => WebhookJson.Slack(notification),
        _ => WebhookJson.Standard(notification),
    };

    /// <summary>Posts a body.</summary>
    /// <exception cref="NotificationRefusedException">The receiver did not take it.</exception>
    protected async Task PostAsync(string id, HttpContent content, CancellationToken cancellationToken)
    {
        byte[] body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        using HttpRequestMessage request = new(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        foreach ((string name, IEnumerable<string> values) in content.Headers)
            request.Content.Headers.TryAddWithoutValidation(name, values);
        _signature.AddTo(request, id, UtcNow, body);

        using CancellationTokenSource timeout = new(s_timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                throw Refused(answer);
        }
        catch (HttpRequestException e)
        {
            throw new NotificationRefusedException($"the receiver could not be reached: {e.HttpRequestError}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NotificationRefusedException($"no answer within {s_timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    private NotificationRefusedException Refused(HttpResponseMessage answer)
    {
        int status = (int)answer.StatusCode;
        TimeSpan? retryAfter = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - UtcNow,
            _ => answer.StatusCode == HttpStatusCode.TooManyRequests ? s_pauseAfterTooMany : null,
        };
        string note = status is >= 300 and < 400 ? "; redirects are not followed" : "";
        return new NotificationRefusedException(string.Create(CultureInfo.InvariantCulture, $"the receiver answered {status}{note}"))
        {
            RetryAfter = retryAfter > TimeSpan.Zero ? retryAfter : null,
            IsGone = answer.StatusCode == HttpStatusCode.Gone,
        };
    }
}
