using Microsoft.Extensions.Options;
using MnistApi.Inference;
using MnistApi.Inference.Weights;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.Model;

/// <summary>The network that this process serves, read once before it listens.</summary>
public sealed record LoadedModel(string Name, string Version, WeightsFile File)
{
    public Network Network => File.Network;

    /// <summary>Refuses a request for another model or version.</summary>
    /// <param name="name">As the request names it.</param>
    /// <param name="version">Null or empty where it does not ask for any.</param>
    /// <exception cref="RefusedException">It is not the one that is served.</exception>
    public void Require(string? name, string? version)
    {
        if (name != Name)
            throw new RefusedException(Refusal.NotFound, $"there is no model '{Quote.Of(name)}', expected '{Name}'");
        if (!string.IsNullOrEmpty(version) && version != Version)
            throw new RefusedException(Refusal.NotFound, $"model '{Name}' has no version '{Quote.Of(version)}', expected '{Version}'");
    }

    /// <summary>The same for the model and the version in a request's path.</summary>
    public void Require(HttpRequest request) => Require(request.RouteValues["model"] as string, request.RouteValues["version"] as string);

    /// <param name="options">Says which file; and the model's name and version.</param>
    /// <param name="read">The file, read already.</param>
    /// <exception cref="StartupException">The file cannot be used.</exception>
    public static LoadedModel Of(ModelOptions options, Task<WeightsFile> read)
    {
        try
        {
            return new LoadedModel(options.Name, options.Version, read.GetAwaiter().GetResult());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SafetensorsException or WeightsFormatException)
        {
            throw new StartupException(
                $"the weights in {Path.GetFullPath(options.Path)} cannot be loaded: {error.Message}. "
                + "Model:Path (environment variable Model__Path) names a .safetensors file; 'mnist convert' makes one from numpy weights.", error);
        }
    }
}

internal static class ModelSetup
{
    public static void AddModel(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelOptions>()
            .BindConfiguration(ModelOptions.Section)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Path), "Model:Path (environment variable Model__Path) is empty: expected the path of a .safetensors file")
            .Validate(options => IsName(options.Name), "Model:Name (environment variable Model__Name): expected letters, digits, '.', '_' or '-', 1 to 100 of them")
            .Validate(options => IsName(options.Version), "Model:Version (environment variable Model__Version): expected letters, digits, '.', '_' or '-', 1 to 100 of them")
            .ValidateOnStart();
        // Read while the rest is set up; should the path be another one in the end, that one is.
        var path = builder.Configuration[$"{ModelOptions.Section}:{nameof(ModelOptions.Path)}"] ?? new ModelOptions().Path;
        var read = Read(path);
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<ModelOptions>>().Value;
            return LoadedModel.Of(options, options.Path == path ? read : Read(options.Path));
        });
    }

    /// <summary>Reads the weights now, so that a bad file ends the start.</summary>
    public static void LoadModel(this WebApplication app)
    {
        var model = app.Services.GetRequiredService<LoadedModel>();
        app.Logger.LogInformation("Serving {Name}, {Architecture}", model.Name, model.Network.ToString());
    }

    private static Task<WeightsFile> Read(string path) => Task.Run(() => WeightsFile.Load(path));

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
