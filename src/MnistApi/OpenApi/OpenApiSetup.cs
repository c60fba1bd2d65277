using System.Net.Mime;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using MnistApi.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

internal static class OpenApiSetup
{
    public static void AddOpenApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "MnistApi",
                Version = typeof(OpenApiSetup).Assembly.GetName().Version!.ToString(3),
                Description = "Handwritten digits to class probabilities: the three-layer network of Deep Learning from Scratch, chapter 3, as a service.",
                Contact = new OpenApiContact { Name = "The MnistApi authors" },
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.OrderActionsBy(api => $"{Groups.Position(api.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().FirstOrDefault()?.Tags[0] ?? "")}{api.RelativePath}");
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.IncludeXmlComments(typeof(OpenApiSetup).Assembly);
            if (AccessSetup.HasKeys(builder.Configuration))
                DescribeKeys(options);
            options.OperationFilter<PredictOperation>();
            options.OperationFilter<EvalOperation>();
            options.OperationFilter<PictureOperations>();
            options.OperationFilter<PathParameters>();
            options.OperationFilter<InferOperation>();
            options.OperationFilter<ServingPredictOperation>();
            options.OperationFilter<ProblemResponses>();
            options.DocumentFilter<DocumentFrame>();
        });
    }

    private static void DescribeKeys(SwaggerGenOptions options)
    {
        const string Name = "apiKey";
        options.AddSecurityDefinition(Name, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = KeyCheck.Header });
        options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Name, document)] = [] });
    }

    /// <summary>
    /// The document and its page behind a branch: as plain middleware each would look at every request, and the
    /// document's would resolve its generator for each. The branch is built when first asked for.
    /// </summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapGet(ExampleDigit.PngPath, () => Results.Bytes(ExampleDigit.Png(), MediaTypeNames.Image.Png)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(ExampleDigit.RawPath, () => Results.Bytes(ExampleDigit.Pixels(), MediaTypeNames.Application.Octet)).AllowAnonymous().ExcludeFromDescription();
        app.Use(next =>
        {
            var branch = new Lazy<RequestDelegate>(() => BuildBranch(app, next));
            return context => context.Request.Path.StartsWithSegments("/swagger") ? branch.Value(context) : next(context);
        });
    }

    private static RequestDelegate BuildBranch(IApplicationBuilder app, RequestDelegate next)
    {
        var branch = app.New();
        branch.UseSwagger(options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        branch.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "MnistApi";
            options.SwaggerEndpoint("v1/swagger.json", "MnistApi");
        });
        branch.Run(next);
        return branch.Build();
    }
}
