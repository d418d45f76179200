using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>Signs bodies after the Standard Webhooks specification, by one secret or two.</summary>
internal sealed class WebhookSignature
{
    private readonly byte[][] _secrets;

    public WebhookSignature(TroubleWebhookOptions options) => _secrets =
    [
        .. new[] { options.Secret, options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret))
            .Select(secret => TroubleWebhookOptions.BytesOf(secret!)!),
    ];

    /// <summary>Adds the headers <c>webhook-id</c>, <c>webhook-timestamp</c> and, where there is a secret, <c>webhook-signature</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id of the message; the same for each attempt.</param>
    /// <param name="attemptedAt">When this attempt is made.</param>
    /// <param name="body">The body.</param>
    public void AddTo(HttpRequestMessage request, string id, DateTimeOffset attemptedAt, byte[] body)
    {
        string timestamp = attemptedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        if (_secrets.Length == 0)
            return;

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        request.Headers.TryAddWithoutValidation(
            "webhook-signature",
            string.Join(' ', _secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}")));
    }
}
