using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents;

/// <summary>
/// Settings of notifications about troubles: from the section <c>JanusEvents:Monitoring</c> of the configuration, and then by
/// code.
/// </summary>
public sealed class NotificationOptions
{
    /// <summary>
    /// How long a trouble of a call is open before it is notified, at most an hour; 10 s by default. One that recovers sooner is
    /// shown, logged and counted, but not notified; one that ends with its call sooner is notified once this time is over.
    /// </summary>
    [WithinTime("0", "01:00:00")]
    public TimeSpan NotifyAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for troubles of a whole server; zero by default.</summary>
    [WithinTime("0", "01:00:00")]
    public TimeSpan NotifyServersAfter { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// How many troubles may begin within a minute before a handler gets a digest of them in place of one notification each, 1 to
    /// 500; 20 by default.
    /// </summary>
    [Within(1, 500)]
    public int MaxBeginsPerMinute { get; set; } = 20;

    /// <summary>
    /// The public address of the page that shows troubles, such as <c>https://ops.example.com/janus/</c>. Notifications then have a
    /// link to it; none by default.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>Webhooks, beside those that code added with <c>AddTroubleWebhook</c>; none by default.</summary>
    public IList<TroubleWebhookOptions> Webhooks { get; } = [];
}

/// <summary>The ranges of <see cref="NotificationOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class NotificationOptionsRanges : IValidateOptions<NotificationOptions>;
