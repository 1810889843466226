using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Postgres;

/// <summary>The JSON text of the ledger's bodies and states, and of the CLI: snake_case, ISO 8601. Unknown words throw.</summary>
internal static class LedgerJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new EnumConverter(),
            new Pattern<LocalDate>(LocalDatePattern.Iso),
            new Pattern<Instant>(InstantPattern.ExtendedIso),
        },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutComputed } },
    };

    // which case a change is stands beside the body, in the entry's kind
    private static readonly JsonSerializerOptions BesideChange = new(Options) { Converters = { new PassOver() } };

    public static string Write(EntryBody body)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(body, Options)!;
        json["change"] = JsonSerializer.SerializeToNode(body.Change, body.Change.GetType(), Options);
        return json.ToJsonString(Options);
    }

    /// <summary>A definition's text: two that say the same have the same.</summary>
    public static string Of(Definition definition) => JsonSerializer.Serialize(definition, Options);

    public static EntryBody ReadBody(EntryKind kind, string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var said = ChangeIn(json);
        var change = said.IsEmpty ? null : (Change?)JsonSerializer.Deserialize(said, TypeOf(kind), Options);
        return change is null
            ? throw new JsonException("the body has no change")
            : JsonSerializer.Deserialize<EntryBody>(json, BesideChange)! with
            {
                Change = change,
            };
    }

    public static MilestoneState ReadState(string text) => JsonSerializer.Deserialize<MilestoneState>(text, Options)!;

    /// <exception cref="JsonException">It is none of the words that <see cref="WriteEnum"/> writes.</exception>
    public static T ReadEnum<T>(string text)
        where T : struct, Enum =>
        EnumWords<T>.Known.TryGetValue(text, out var value) ? value : throw new JsonException($"\"{text}\" is no {typeof(T).Name}");

    public static string WriteEnum<T>(T value)
        where T : struct, Enum =>
        EnumWords<T>.Words.TryGetValue(value, out var word) ? word : throw new JsonException($"{value} is no {typeof(T).Name}");

    /// <summary>The text of a body's change; empty where there is none.</summary>
    private static ReadOnlySpan<byte> ChangeIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("change"u8);
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return json[from..(int)reader.BytesConsumed];
            }
        }
        return [];
    }

    private static Type TypeOf(EntryKind kind) =>
        kind switch
        {
            EntryKind.Added => typeof(Added),
            EntryKind.Redefined => typeof(Redefined),
            EntryKind.StatusChanged => typeof(StatusChanged),
            EntryKind.Reopened => typeof(Reopened),
            EntryKind.Rescheduled => typeof(Rescheduled),
            EntryKind.ReadingAdded => typeof(ReadingAdded),
            EntryKind.ProgressRecorded => typeof(ProgressRecorded),
            EntryKind.EvidenceAdded => typeof(EvidenceAdded),
            EntryKind.Looked => typeof(Looked),
            EntryKind.Forecast => typeof(Forecasted),
            EntryKind.ForecastMoved => typeof(ForecastShifted),
            EntryKind.Retracted => typeof(Retracted),
            EntryKind.Redacted => typeof(Redacted),
            _ => typeof(ClockSaid),
        };

    private static void WithoutComputed(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var computed = type.Properties[i] is { Set: null } property && property.AssociatedParameter is null;
            if (computed && type.Kind == JsonTypeInfoKind.Object)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private static class EnumWords<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Words = Enum.GetValues<T>()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly Dictionary<string, T> Known = Words.ToDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.Ordinal
        );
    }

    // the library's own takes "planned, on_track" for a status, and any case
    private sealed class EnumConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Word<>).MakeGenericType(typeToConvert))!;

        private sealed class Word<T> : JsonConverter<T>
            where T : struct, Enum
        {
            public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
                reader.TokenType == JsonTokenType.String
                    ? ReadEnum<T>(reader.GetString()!)
                    : throw new JsonException($"a {typeof(T).Name} is a word");

            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
                writer.WriteStringValue(WriteEnum(value));
        }
    }

    private sealed class PassOver : JsonConverter<Change>
    {
        public override Change? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return null;
        }

        public override void Write(Utf8JsonWriter writer, Change value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class Pattern<T>(IPattern<T> pattern) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var parsed = pattern.Parse(reader.GetString() ?? "");
            return parsed.Success ? parsed.Value : throw new JsonException(parsed.Exception.Message, parsed.Exception);
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(pattern.Format(value));
    }
}
