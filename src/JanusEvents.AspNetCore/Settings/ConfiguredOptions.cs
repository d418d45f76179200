using System.Diagnostics.CodeAnalysis;
using JanusEvents.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>
/// The options of endpoints as the host set them: the section <c>JanusEvents</c> of the configuration, and then what
/// code configured. They are put together when an endpoint is mapped, since no service of this package is registered.
/// </summary>
internal sealed class ConfiguredOptions<[DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> _factory;
    private readonly SettingsSection _section;
    private readonly IOptionsChangeTokenSource<TOptions>[] _sources;
    private readonly string _key;

    /// <param name="services">The services of the host.</param>
    /// <param name="key">Where in the section the options lie; empty for the section itself.</param>
    /// <param name="bind">Binds them.</param>
    public ConfiguredOptions(IServiceProvider services, string key, Action<IConfiguration, TOptions> bind)
    {
        _section = services.GetRequiredService<SettingsSection>();
        _sources = [.. services.GetServices<IOptionsChangeTokenSource<TOptions>>()];
        _key = key;
        _factory = new OptionsFactory<TOptions>(
            [
                new ConfigureOptions<TOptions>(options => _section.Bind(key, options, bind)),
                .. services.GetServices<IConfigureOptions<TOptions>>(),
            ],
            services.GetServices<IPostConfigureOptions<TOptions>>(),
            services.GetServices<IValidateOptions<TOptions>>());
    }

    /// <summary>The options as they are now.</summary>
    /// <exception cref="OptionsValidationException">A value is not of its kind.</exception>
    public TOptions Read() => _factory.Create(Options.DefaultName);

    /// <summary>The whole key of an option.</summary>
    public string PathOf(string key) => _section.PathOf(_key.Length == 0 ? key : ConfigurationPath.Combine(_key, key));

    /// <summary>Calls back when they may have changed, often several times.</summary>
    public IDisposable OnChange(Action changed)
    {
        IEnumerable<Func<IChangeToken?>> tokens = _sources.Select(source => (Func<IChangeToken?>)source.GetChangeToken).Append(_section.ReloadToken);
        IDisposable[] registrations = [.. tokens.Select(token => ChangeToken.OnChange(token, changed))];
        return new Registrations(registrations);
    }

    private sealed class Registrations(IDisposable[] registrations) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable registration in registrations)
                registration.Dispose();
        }
    }
}
