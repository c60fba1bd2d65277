using MnistApi.Inference.Weights;
using MnistApi.Startup;

namespace MnistApi.Model;

/// <summary>The network that this process serves, read once at the start.</summary>
internal sealed record LoadedModel(string Name, string Version, WeightsFile File)
{
    public Network Network => File.Network;

    /// <summary>Refuses a request for another model, or another version where it names one.</summary>
    public void Require(string? name, string? version)
    {
        if (name != Name)
            throw new RefusedException(Refusal.NotFound, $"there is no model '{Quote.Of(name)}', expected '{Name}'");
        if (!string.IsNullOrEmpty(version) && version != Version)
            throw new RefusedException(Refusal.NotFound, $"model '{Name}' has no version '{Quote.Of(version)}', expected '{Version}'");
    }

    /// <summary>The same for the model and the version in a request's path.</summary>
    public void Require(HttpRequest request) => Require(request.RouteValues["model"] as string, request.RouteValues["version"] as string);

    /// <exception cref="StartupException">The file cannot be used.</exception>
    public static LoadedModel Load(ModelOptions options)
    {
        try
        {
            return new LoadedModel(options.Name, options.Version, WeightsFile.Load(options.Path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SafetensorsException or WeightsFormatException)
        {
            throw new StartupException(
                $"the weights in {Path.GetFullPath(options.Path)} cannot be loaded: {error.Message}. Model:Path (environment variable "
                + "Model__Path) names a .safetensors file; 'mnist convert' makes one from numpy, PyTorch, Keras, sklearn or ONNX.", error);
        }
    }
}
