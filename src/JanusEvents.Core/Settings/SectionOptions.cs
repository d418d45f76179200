using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JanusEvents.Settings;

/// <summary>Reads the options of one key of the section from the configuration, and checks their ranges.</summary>
internal sealed class SectionOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
    SettingsSection section,
    string key,
    Action<IConfiguration, TOptions> bind,
    IValidateOptions<TOptions> ranges) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options) => section.Bind(key, options, bind);

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        SettingsFailures.Of(ranges.Validate(null, options), [], option => section.PathOf(ConfigurationPath.Combine(key, option)));
}

/// <summary>Registers options that lie at a key of the section.</summary>
internal static class SectionOptions
{
    /// <summary>Adds options, once however often it is called, and what code sets.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Where in the section they lie.</param>
    /// <param name="bind">Binds them. A call that names the type, so that its code is generated.</param>
    /// <param name="ranges">Checks their ranges.</param>
    /// <param name="configure">Sets options, after those of the configuration.</param>
    public static void Add<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceCollection services,
        string key,
        Action<IConfiguration, TOptions> bind,
        IValidateOptions<TOptions> ranges,
        Action<TOptions>? configure)
        where TOptions : class
    {
        if (!services.Any(service => service.ServiceType == typeof(SectionOptions<TOptions>)))
        {
            services.AddSingleton(provider => new SectionOptions<TOptions>(provider.GetRequiredService<SettingsSection>(), key, bind, ranges));

            // Before what the host may have configured by code already, which is to win.
            services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(
                provider => provider.GetRequiredService<SectionOptions<TOptions>>()));
            services.AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<SectionOptions<TOptions>>());
        }

        OptionsBuilder<TOptions> options = services.AddOptions<TOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
    }
}
