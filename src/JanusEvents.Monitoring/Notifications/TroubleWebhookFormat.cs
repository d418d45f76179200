namespace JanusEvents;

/// <summary>The format of what a webhook sends.</summary>
public enum TroubleWebhookFormat
{
    /// <summary>JSON as described in docs/notifications.md, signed after the Standard Webhooks specification. A secret is required.</summary>
    StandardWebhooks,

    /// <summary>The same data in a structured CloudEvent 1.0 (<c>application/cloudevents+json</c>). A secret is required.</summary>
    CloudEvents,

    /// <summary>Alerts for <c>POST /api/v2/alerts</c> of a Prometheus Alertmanager; open ones are sent again every minute.</summary>
    Alertmanager,

    /// <summary>A text for an incoming webhook of Slack, Mattermost, Rocket.Chat and others that accept the same JSON.</summary>
    Slack,
}
