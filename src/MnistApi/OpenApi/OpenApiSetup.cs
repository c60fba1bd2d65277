using System.Net.Mime;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using MnistApi.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

internal static class OpenApiSetup
{
    /// <summary>The groups of operations (WithTags), in the order in which a reader wants them.</summary>
    private static readonly (string Name, string Description)[] s_groups =
    [
        ("Predict", "Pictures or pixels in, class probabilities out."),
        ("Evaluate", "Accuracy and confusion matrix on MNIST."),
        ("Model", "What is served."),
        (OpenInference.OpenInferenceMap.Tag,
            "Also called KServe V2: what the clients of Triton, KServe and others speak. The same over gRPC, on a port of its own."),
        (TensorFlowServing.ServingMap.Tag, "Its REST interface, which KServe calls V1."),
        ("Health", "For orchestrators and for Prometheus."),
    ];

    /// <summary>The files of this folder that are served as they are.</summary>
    private static readonly (string Name, string ContentType)[] s_files =
    [
        ("pictures.js", MediaTypeNames.Text.JavaScript), // the user interface's one addition: it shows SVG as pictures
        ("seven.png", MediaTypeNames.Image.Png), // bodies.json names it and the next one as examples
        ("seven.raw", MediaTypeNames.Application.Octet),
    ];

    public static void AddOpenApiDocument(this WebApplicationBuilder builder, AccessOptions access)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "MnistApi",
                Version = typeof(OpenApiSetup).Assembly.GetName().Version!.ToString(3),
                Description =
                    "Handwritten digits to class probabilities: the three-layer network of Deep Learning from Scratch, chapter 3, "
                    + "as a service.",
                Contact = new OpenApiContact { Name = "The MnistApi authors" },
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.OrderActionsBy(Position);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.IncludeXmlComments(typeof(OpenApiSetup).Assembly);
            if (access.Keys.Count > 0)
                DescribeKeys(options);
            options.OperationFilter<EndpointDetailsFilter>();
            options.OperationFilter<ProblemResponses>();
            options.OperationFilter<WrittenParts>();
        });
    }

    private static string Position(ApiDescription api)
    {
        var tag = api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().First().Tags[0];
        return $"{Array.FindIndex(s_groups, group => group.Name == tag)}{api.RelativePath}";
    }

    private static void Frame(OpenApiDocument document)
    {
        // Relative to the document's own address, /swagger/v1/swagger.json, so that it is right behind a path prefix too.
        document.Servers = [new OpenApiServer { Url = "../..", Description = "Where this document came from." }];
        document.Tags = s_groups.Select(group => new OpenApiTag { Name = group.Name, Description = group.Description }).ToHashSet();
        document.Security ??= [new OpenApiSecurityRequirement()]; // an empty one: anybody may ask
    }

    private static void DescribeKeys(SwaggerGenOptions options)
    {
        const string Name = "apiKey";
        options.AddSecurityDefinition(Name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = ApiKeyHandler.Header,
        });
        options.AddSecurityRequirement(document => new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(Name, document)] = [],
        });
    }

    /// <summary>The document, its page, and the files that both name.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        foreach (var (name, contentType) in s_files)
        {
            RequestDelegate send = context => Results.Bytes(EmbeddedFile.Read($"swagger/{name}"), contentType).ExecuteAsync(context);
            app.MapGet($"/swagger/{name}", send).AllowAnonymous().ExcludeFromDescription();
        }
        app.MapSwagger("/swagger/{documentName}/swagger.json", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.PreSerializeFilters.Add((document, _) => Frame(document));
        }).AllowAnonymous().ExcludeFromDescription();
        // In a branch, so that it looks at no other requests.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), branch => branch.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "MnistApi";
            options.SwaggerEndpoint("v1/swagger.json", "MnistApi");
            options.DefaultModelsExpandDepth(0); // the list of schemas is folded
            options.HeadContent = "<style>.response-col_links { display: none }</style>"; // nothing but "No links"
            options.InjectJavascript("pictures.js");
            options.ConfigObject.Plugins = ["SvgPictures"];
        }));
    }
}
